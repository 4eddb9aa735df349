import { setTimeout as sleep } from "node:timers/promises";
import { EC2Client, paginateDescribeInstances } from "@aws-sdk/client-ec2";
import type { Command } from "commander";
import { explainAwsError, isAccessDenied, isCredentialProblem } from "../../aws/aws-errors";
import { awsCredentials } from "../../aws/credentials";
import { MAX_ATTEMPTS } from "../../aws/max-attempts";
import { LONGEST_TRY_MIN } from "../../lib/model/max-retries";
import { ROLE_TAG, STATE_TAG } from "../../protocol/generated/constants";
import { CAPACITY_WATCHED } from "../deploy/terraform/provider-log";
import { type ByZone, expectedIn, silenceOf, SilentZones } from "../deploy/terraform/silent-zones";
import { stopTerraform } from "../deploy/terraform/stop-terraform";
import { EXIT } from "../terminal/exit-codes";
import { Terminal } from "../terminal/terminal";
import type { CommandRun } from "./definition/command-run";
import { examples, wholeNumber } from "./definition/options";

export interface WatchLaunchesOptions {
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
export function define(command: Command, result: CommandRun): void {
  examples(command, [
    "npx locust-cluster watch-launches --region us-east-1 --state local:0123 --count 40 --zones us-east-1a,us-east-1b --instance-type c7g.large",
    "npx locust-cluster watch-launches --region eu-west-1 --state s3://states/shop.tfstate --count 200 --zones eu-west-1a --instance-type c6i.xlarge",
  ])
    .requiredOption("--region <region>", "AWS region of the cluster")
    .requiredOption("--state <mark>", `value of the tag ${STATE_TAG} of its machines`)
    .requiredOption("--count <count>", "workers of the cluster", wholeNumber(1, 10_000))
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
  const { region, count, zones } = options;
  const terminal = new Terminal();
  const client = new EC2Client({ region, credentials: awsCredentials, maxAttempts: MAX_ATTEMPTS });
  const expected = expectedIn(zones, count);
  const silent = new SilentZones(expected, seconds());
  const longest = silenceOf(expected.size);
  let started: ByZone = new Map();
  try {
    for (let isTold = false; ; await sleep(LOOK_EVERY_MS)) {
      started = (await countStarted(client, options)) ?? started;
      const lacking = silent.look(started, seconds());
      if (lacking.size === 0) return EXIT.ok;
      if (Math.max(...lacking.values()) < longest) continue;
      if (isTold && Math.max(...lacking.values()) >= PATIENCE * longest) return EXIT.failed;
      if (!isTold) terminal.warn(await describe([...lacking].filter(([, each]) => each >= longest)));
      isTold = true;
    }
  } catch (error) {
    const { message } = explainAwsError(error, "EC2 could not be asked whether the workers start");
    terminal.warn(`${message}; should the deploy seem to hang, EC2 may have no ${options.instanceType} now`);
    return EXIT.ok;
  } finally {
    client.destroy();
  }

  async function describe(lacking: readonly (readonly [string, number])[]): Promise<string> {
    const where = lacking.map(
      ([zone]) => `${zone} (${started.get(zone) ?? 0} of ${expected.get(zone)} are there)`,
    );
    return (
      `no worker has started for ${longest} s in ${where.join(" and ")}: EC2 may have no ${options.instanceType} there now, ` +
      `and Terraform tries for up to ${LONGEST_TRY_MIN} min. Wait, or stop it with '${await stopTerraform()}', choose another ` +
      "instance type or region, and deploy again; Ctrl-C ends cdktf at once, and the state may be lost"
    );
  }
}

/** Workers of this type that are starting or running; nothing when EC2 is too busy, or could not be reached. */
async function countStarted(
  client: EC2Client,
  { state, instanceType }: WatchLaunchesOptions,
): Promise<ByZone | undefined> {
  const Filters = [
    { Name: `tag:${STATE_TAG}`, Values: [state] },
    { Name: `tag:${ROLE_TAG}`, Values: ["worker"] },
    { Name: "instance-type", Values: [instanceType] },
    { Name: "instance-state-name", Values: ["pending", "running"] },
  ];
  const started = new Map<string, number>();
  try {
    for await (const { Reservations = [] } of paginateDescribeInstances({ client }, { Filters }))
      for (const { Placement } of Reservations.flatMap(({ Instances = [] }) => Instances)) {
        const zone = Placement?.AvailabilityZone ?? "";
        started.set(zone, (started.get(zone) ?? 0) + 1);
      }
  } catch (error) {
    if (isAccessDenied(error) || isCredentialProblem(error)) throw error;
    return undefined;
  }
  return started;
}

function seconds(): number {
  return performance.now() / 1000;
}
