import { loadCluster } from "../../lib/config";
import { checkTerraformProfile } from "../checks/terraform-profile";
import { EXIT } from "../exit-codes";
import { prepareCluster } from "../prepare";
import { Terminal } from "../terminal";

export interface PrepareOptions {
  readonly quiet?: boolean;
  /** Called by Terraform, which may have been started without us. */
  readonly byTerraform?: boolean;
}

/** Checks the test and builds what the machines will fetch. Terraform calls it before it uploads anything. */
export async function prepare({ quiet = false, byTerraform = false }: PrepareOptions): Promise<number> {
  const terminal = new Terminal();
  if (byTerraform) await checkTerraformProfile();
  await prepareCluster(loadCluster(), (line) => {
    if (!quiet) terminal.line(line);
  });
  return EXIT.ok;
}
