import { setTimeout as sleep } from "node:timers/promises";
import { EC2Client } from "@aws-sdk/client-ec2";
import type { Command } from "commander";
import { explainAwsError } from "../../aws/aws-errors";
import { awsCredentials } from "../../aws/credentials";
import { MAX_ATTEMPTS } from "../../aws/max-attempts";
import { STATE_TAG } from "../../protocol/generated/constants";
import { CAPACITY_WATCHED } from "../deploy/terraform/provider-log";
import { describeSilence, expectedIn, SilentZones } from "../deploy/terraform/silent-zones";
import { countStarted } from "../deploy/terraform/started-workers";
import { stopTerraform } from "../deploy/terraform/stop-terraform";
import { EXIT } from "../terminal/exit-codes";
import { Terminal } from "../terminal/terminal";
import type { CommandResult } from "./definition/command-result";
import { examples, parseWholeNumber } from "./definition/options";

interface WatchLaunchesOptions {
  readonly region: string;
  /** Value of the tag STATE_TAG. */
  readonly state: string;
  /** Workers of the cluster. */
  readonly count: number;
  /** Zones of the workers, in the order in which they take turns. */
  readonly zones: readonly string[];
  readonly instanceType: string;
}

const LOOK_EVERY_MS = 5_000;

/** How many times as long as a warning takes a zone is silent before the watch ends. */
const PATIENCE = 2;

/** Options and action of `locust-cluster watch-launches`. */
export function define(command: Command, result: CommandResult): void {
  examples(command, [
    "npx locust-cluster watch-launches --region us-east-1 --state local:0123 \\\n" +
      "      --count 40 --zones us-east-1a,us-east-1b --instance-type c7g.large",
    "npx locust-cluster watch-launches --region eu-west-1 \\\n" +
      "      --state s3://states/shop.tfstate --count 200 --zones eu-west-1a \\\n" +
      "      --instance-type c6i.xlarge",
  ])
    .requiredOption("--region <region>", "AWS region of the cluster")
    .requiredOption("--state <mark>", `value of the tag ${STATE_TAG} of its machines`)
    .requiredOption("--count <count>", "workers of the cluster", parseWholeNumber(1, 10_000))
    .requiredOption("--zones <zones>", "zones of the workers, separated by commas", (zones) =>
      zones.split(","),
    )
    .requiredOption("--instance-type <type>", "type of the workers")
    .action(async (options: WatchLaunchesOptions) => {
      result.code = await watchLaunches(options);
    });
}

/**
 * Terraform calls it while it starts the workers of a large cluster (lib/constructs/launch-watch.ts). It says once in which
 * zones none start.
 *
 * It fails when that goes on, or when it is interrupted: so the next deploy calls it again. It takes one of the ten places
 * in which Terraform works, so it ends at once where `locust-cluster deploy` knows better.
 */
export async function watchLaunches(options: WatchLaunchesOptions): Promise<number> {
  if (process.env[CAPACITY_WATCHED]) return EXIT.ok;
  const { region, count, zones, instanceType } = options;
  const terminal = new Terminal();
  const client = new EC2Client({ region, credentials: awsCredentials, maxAttempts: MAX_ATTEMPTS });
  const silent = new SilentZones(expectedIn(zones, count), seconds());
  try {
    for (let isTold = false; ; await sleep(LOOK_EVERY_MS)) {
      silent.look(await countStarted(client, options), seconds());
      if (silent.isComplete) return EXIT.ok;
      if (silent.longest >= PATIENCE * silent.limit) return EXIT.failed;
      if (isTold || silent.longest < silent.limit) continue;
      terminal.warn(describeSilence(silent, instanceType, await stopTerraform()));
      isTold = true;
    }
  } catch (error) {
    const { message } = explainAwsError(error, "EC2 could not be asked whether the workers start");
    terminal.warn(`${message}; should the deploy seem to hang, EC2 may have no ${instanceType} now`);
    return EXIT.ok;
  } finally {
    client.destroy();
  }
}

function seconds(): number {
  return performance.now() / 1000;
}
