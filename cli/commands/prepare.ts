import { loadCluster } from "../../lib/model/config";
import { checkTerraformProfile } from "../deploy/checks/terraform-profile";
import { prepareCluster } from "../deploy/prepare/prepare";
import { EXIT } from "../terminal/exit-codes";
import { Terminal } from "../terminal/terminal";

export interface PrepareOptions {
  readonly quiet?: boolean;
  /** Called by Terraform, which may have been started without us. */
  readonly byTerraform?: boolean;
  /** File that a synthesis has written, instead of cluster.yaml and the variables that override it. */
  readonly settings?: string;
}

/** Checks the test and builds what the machines will fetch. Terraform calls it before it uploads anything. */
export async function prepare(options: PrepareOptions): Promise<number> {
  const { quiet = false, byTerraform = false, settings } = options;
  const terminal = new Terminal();
  if (byTerraform) await checkTerraformProfile();
  await prepareCluster(loadCluster(settings === undefined ? {} : { file: settings, env: {} }), (line) => {
    if (!quiet) terminal.line(line);
  });
  return EXIT.ok;
}
