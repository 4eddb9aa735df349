import type { Config } from "../../../lib/model/config";

/** What the user should know about who can reach the page. Nothing when it is closed to the world. */
export function accessNotice({ access }: Pick<Config, "access">): string | undefined {
  const open = access.webCidrs.some((cidr) => cidr.endsWith("/0"));
  if (!open) return undefined;
  const guard = access.login === "none" ? "" : " (it asks for a login)";
  return (
    `anyone can reach the page${guard}; to admit only your address, set access.webCidrs: ["<your address>/32"] ` +
    "in cluster.yaml. 'curl https://checkip.amazonaws.com' shows your address"
  );
}
