import { Option, type Command } from "commander";
import { loadCluster } from "../../lib/model/config";
import { checkTerraformProfile } from "../deploy/checks/terraform-profile";
import { runPreflight } from "../deploy/preflight/preflight";
import { EXIT } from "../terminal/exit-codes";
import { Terminal } from "../terminal/terminal";
import type { CommandResult } from "./definition/command-result";
import { examples } from "./definition/options";

interface PrepareOptions {
  /** @default false */
  readonly quiet?: boolean;
  /** Called by Terraform, which may have been started without us. @default false */
  readonly byTerraform?: boolean;
  /** File that a synthesis has written. @default - cluster.yaml and the variables that override it */
  readonly settings?: string;
}

/** Options and action of `locust-cluster prepare`. */
export function define(command: Command, result: CommandResult): void {
  examples(command, [
    "npx locust-cluster prepare",
    "LOCUST_CLUSTER_CONFIG=shop/cluster.yaml npx locust-cluster prepare",
  ])
    .option("--quiet", "print errors only")
    .addOption(
      new Option("--by-terraform", "called by Terraform: refuse a profile that it cannot use").hideHelp(),
    )
    .addOption(
      new Option("--settings <file>", "written by synthesis: all settings of the cluster").hideHelp(),
    )
    .action(async (options: PrepareOptions) => {
      result.code = await prepare(options);
    });
}

/** Checks the test and builds what the machines will fetch. Terraform calls it before it uploads anything. */
export async function prepare(options: PrepareOptions): Promise<number> {
  const { quiet = false, byTerraform = false, settings } = options;
  const terminal = new Terminal();
  if (byTerraform) await checkTerraformProfile();
  await runPreflight(loadCluster(settings === undefined ? {} : { file: settings, env: {} }), (line) => {
    if (!quiet) terminal.line(line);
  });
  return EXIT.ok;
}
