import type { Command } from "commander";
import { wholeNumber } from "./options";
import type { CommandRun } from "./program";

/* oxlint-disable typescript/no-require-imports -- a command is loaded when it is asked for (cli/program.ts) */

/** Commands that Terraform calls, and nobody types. */
export function addTerraformCommands(program: Command, run: CommandRun): void {
  addKeep(program, run);
  addWatchLaunches(program, run);
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

/** What Terraform calls while it starts the workers of a large cluster. */
function addWatchLaunches(program: Command, run: CommandRun): void {
  program
    .command("watch-launches", { hidden: true })
    .description("say when EC2 starts no more workers")
    .addHelpText("after", WATCH_LAUNCHES_EXAMPLES)
    .requiredOption("--region <region>", "AWS region of the cluster")
    .requiredOption("--state <mark>", "value of the tag locust-cluster-state of its machines")
    .requiredOption("--count <count>", "workers of the cluster", wholeNumber(1, 10_000))
    .requiredOption("--zones <zones>", "zones of the workers, with commas between", (zones) =>
      zones.split(","),
    )
    .requiredOption("--instance-type <type>", "type of the workers")
    .action(async (options: import("./commands/watch-launches").WatchLaunchesOptions) => {
      run.code = await (
        require("./commands/watch-launches") as typeof import("./commands/watch-launches")
      ).watchLaunches(options);
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

const WATCH_LAUNCHES_EXAMPLES = `
Examples:
  $ npx locust-cluster watch-launches --region us-east-1 --state local:0123 --count 40 --zones us-east-1a,us-east-1b --instance-type c7g.large
  $ npx locust-cluster watch-launches --region eu-west-1 --state s3://states/shop.tfstate --count 200 --zones eu-west-1a --instance-type c6i.xlarge
`;

const CREDENTIALS_EXAMPLES = `
Examples:
  $ npx locust-cluster credentials
  $ AWS_PROFILE=work npx locust-cluster credentials
`;
