import { execFile } from "node:child_process";
import { basename } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { EC2Client, paginateDescribeInstances } from "@aws-sdk/client-ec2";
import type { Command } from "commander";
import { explainAwsError } from "../../aws/aws-errors";
import { awsCredentials } from "../../aws/credentials";
import { MAX_ATTEMPTS } from "../../aws/max-attempts";
import { ROLE_TAG, STATE_TAG } from "../../lib/model/state-mark";
import { type ByZone, expectedIn, LaunchWatch, SILENCE_S } from "../deploy/terraform/launch-watch";
import { CAPACITY_WATCHED } from "../deploy/terraform/provider-log";
import { EXIT } from "../terminal/exit-codes";
import { Terminal } from "../terminal/terminal";
import type { CommandRun } from "./definition/command-run";
import { examples, wholeNumber } from "./definition/options";

export interface WatchLaunchesOptions {
  readonly region: string;
  /** Value of the tag `locust-cluster-state`. */
  readonly state: string;
  /** Workers of the cluster. */
  readonly count: number;
  /** Zones of the workers, in the order in which they take turns. */
  readonly zones: readonly string[];
  readonly instanceType: string;
}

const LOOK_EVERY_MS = 5_000;

/** Options and action of `locust-cluster watch-launches`. */
export function define(command: Command, result: CommandRun): void {
  examples(command, [
    "npx locust-cluster watch-launches --region us-east-1 --state local:0123 --count 40 --zones us-east-1a,us-east-1b --instance-type c7g.large",
    "npx locust-cluster watch-launches --region eu-west-1 --state s3://states/shop.tfstate --count 200 --zones eu-west-1a --instance-type c6i.xlarge",
  ])
    .requiredOption("--region <region>", "AWS region of the cluster")
    .requiredOption("--state <mark>", "value of the tag locust-cluster-state of its machines")
    .requiredOption("--count <count>", "workers of the cluster", wholeNumber(1, 10_000))
    .requiredOption("--zones <zones>", "zones of the workers, with commas between", (zones) =>
      zones.split(","),
    )
    .requiredOption("--instance-type <type>", "type of the workers")
    .action(async (options: WatchLaunchesOptions) => {
      result.code = await watchLaunches(options);
    });
}

/**
 * Terraform calls it while it starts the workers of a large cluster (lib/constructs/launch-watch.ts). It says once that no
 * more of them come, and never fails: the deploy may still succeed. It takes one of the ten places in which Terraform
 * works, so it ends at once where `locust-cluster deploy` knows better.
 */
export async function watchLaunches(options: WatchLaunchesOptions): Promise<number> {
  if (process.env[CAPACITY_WATCHED]) return EXIT.ok;
  const { region, count, zones, instanceType } = options;
  const terminal = new Terminal();
  const client = new EC2Client({ region, credentials: awsCredentials, maxAttempts: MAX_ATTEMPTS });
  const expected = expectedIn(zones, count);
  const watch = new LaunchWatch(expected, seconds());
  try {
    for (;;) {
      const started = await countStarted(client, options);
      const silent = watch.look(started, seconds());
      if (silent === "complete") return EXIT.ok;
      if (silent.length > 0) {
        const where = silent.map(
          (zone) => `${zone} (${started.get(zone) ?? 0} of ${expected.get(zone)} are there)`,
        );
        terminal.line(
          `warning: EC2 has started no worker for ${SILENCE_S} s in ${where.join(" and ")}: it may have no ${instanceType} ` +
            `there now. Terraform tries for up to 45 min. Wait, or stop it with '${await stopTerraform()}', choose another ` +
            "workers.instanceType or region in cluster.yaml, and deploy again; Ctrl-C ends cdktf at once, and the state may be lost",
        );
        return EXIT.ok;
      }
      await sleep(LOOK_EVERY_MS);
    }
  } catch (error) {
    const { message } = explainAwsError(error, "EC2 could not be asked whether the workers start");
    terminal.line(`warning: ${message}; should the deploy seem to hang, EC2 may have no ${instanceType} now`);
    return EXIT.ok;
  } finally {
    client.destroy();
  }
}

/** Workers of this type that are starting or running. */
async function countStarted(
  client: EC2Client,
  { state, instanceType }: WatchLaunchesOptions,
): Promise<ByZone> {
  const Filters = [
    { Name: `tag:${STATE_TAG}`, Values: [state] },
    { Name: `tag:${ROLE_TAG}`, Values: ["worker"] },
    { Name: "instance-type", Values: [instanceType] },
    { Name: "instance-state-name", Values: ["pending", "running"] },
  ];
  const started = new Map<string, number>();
  for await (const { Reservations = [] } of paginateDescribeInstances({ client }, { Filters }))
    for (const { Placement } of Reservations.flatMap(({ Instances = [] }) => Instances)) {
      const zone = Placement?.AvailabilityZone ?? "";
      started.set(zone, (started.get(zone) ?? 0) + 1);
    }
  return started;
}

/**
 * The command that stops the Terraform which has called us, as its own Ctrl-C does. That of `cdktf deploy` has been seen to
 * leave an empty state.
 */
async function stopTerraform(): Promise<string> {
  for (let pid = process.ppid; pid > 1;) {
    const { stdout } = await promisify(execFile)("ps", ["-o", "ppid=,comm=", "-p", String(pid)]);
    const [parent, program = ""] = stdout.trim().split(/\s+/, 2);
    if (basename(program) === "terraform") return `kill -INT ${pid}`;
    pid = Number(parent);
  }
  return "pkill -INT terraform";
}

function seconds(): number {
  return performance.now() / 1000;
}
