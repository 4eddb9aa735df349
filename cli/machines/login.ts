import { commandLine } from "../../lib/model/command-line";
import type { ClusterOutputs } from "../../lib/model/outputs";

export interface PasswordOptions {
  /** Write the password wherever the output goes. @default false */
  readonly showPassword?: boolean;
}

/**
 * Whether people may read the password in this output: on a terminal they can, and the log of a job is read by everybody who
 * sees the project. Some CI systems give their jobs a terminal, so `CI`, which all of them set, counts too.
 */
export function showsPassword(
  { showPassword = false }: PasswordOptions,
  isTerminal: boolean = process.stdout.isTTY,
  env: NodeJS.ProcessEnv = process.env,
): boolean {
  return showPassword || (isTerminal && !env["CI"]);
}

/** What a person needs to use the cluster, and what to do next. */
export function renderLogin(outputs: ClusterOutputs, withPassword: boolean): string {
  const https = outputs.certificate ? " (certificate of the cluster's own: the browser asks once)" : "";
  const hidden = `not shown here: '${commandLine("status --show-password")}' shows it`;
  const login: [string, string][] = outputs.web_username
    ? [
        ["user", outputs.web_username],
        ["password", withPassword ? outputs.web_password : hidden],
      ]
    : [];
  const rows: [string, string][] = [
    ["page", `${outputs.master_url}${https}`],
    ...login,
    ["shell", commandLine("ssh master")],
    ["destroy", commandLine("destroy")],
  ];
  return rows.map(([title, value]) => `${title.padEnd(10)}${value}`).join("\n");
}
