import type { ClusterOutputs } from "../lib/outputs";

/** What a person needs to use the cluster, and what to do next. */
export function renderLogin(outputs: ClusterOutputs): string {
  const https = outputs.certificate ? " (certificate of the cluster's own: the browser asks once)" : "";
  const login: [string, string][] = outputs.web_username
    ? [
        ["user", outputs.web_username],
        ["password", outputs.web_password],
      ]
    : [];
  const rows: [string, string][] = [
    ["page", `${outputs.master_url}${https}`],
    ...login,
    ["shell", "npx locust-cluster ssh master"],
    ["destroy", "npx locust-cluster destroy"],
  ];
  return rows.map(([title, value]) => `${title.padEnd(10)}${value}`).join("\n");
}
