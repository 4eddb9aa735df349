import type { Command } from "commander";
import type { CommandRun } from "./program";

/* oxlint-disable typescript/no-require-imports -- a command is loaded when it is asked for (cli/program.ts) */

/** Commands that Terraform calls, and nobody types. */
export function addTerraformCommands(program: Command, run: CommandRun): void {
  addKeep(program, run);
  program
    .command("credentials", { hidden: true })
    .description("print AWS credentials, as Terraform asks for them (credential_process)")
    .addHelpText("after", CREDENTIALS_EXAMPLES)
    .action(async () => {
      run.code = await (
        require("./commands/credentials") as typeof import("./commands/credentials")
      ).credentials();
    });
}

/** What Terraform calls before it takes away what holds the runs; the values are those in its state. */
function addKeep(program: Command, run: CommandRun): void {
  program
    .command("keep", { hidden: true })
    .description("bring home the runs of a cluster that is about to go")
    .addHelpText("after", KEEP_EXAMPLES)
    .requiredOption("--cluster <name>", "name of the cluster")
    .requiredOption("--region <region>", "its AWS region")
    .requiredOption("--bucket <bucket>", "its own bucket")
    .requiredOption("--master <url>", "page and API of its master")
    .option("--instance <id>", "EC2's id of its master: only what that machine reports is believed", "")
    .option("--results <bucket>", "bucket of 'results.bucket'", "")
    .option("--replacing", "only the master goes, and comes again: refuse while a run is under way")
    .action(async (options: import("./commands/keep").KeepOptions) => {
      run.code = await (require("./commands/keep") as typeof import("./commands/keep")).keep(options);
    });
}

const KEEP_EXAMPLES = `
Examples:
  $ npx locust-cluster keep --cluster shop --region us-east-1 --bucket shop-123 --master http://203.0.113.7:8089 --instance i-0123456789abcdef0
  $ npx locust-cluster keep --replacing --cluster shop --region us-east-1 --bucket shop-123 --master http://203.0.113.7:8089 --instance i-0123456789abcdef0
`;

const CREDENTIALS_EXAMPLES = `
Examples:
  $ npx locust-cluster credentials
  $ AWS_PROFILE=work npx locust-cluster credentials
`;
