/**
 * Deploys that are killed at random moments, on the emulated account with the real provider: after each, the cluster is
 * destroyed, every other time after one more deploy, and nothing may be left in the account.
 *
 * Usage: npm run soak:killed-deploys [-- <times, 20 by default>]
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { CreateBucketCommand } from "@aws-sdk/client-s3";
import { apiOf } from "../simulator/account/clients";
import { makeClone } from "../tools/trials/clone";
import type { CommandResult } from "../tools/trials/command";
import { EmulatedCluster } from "../tools/trials/emulated-cluster";
import { inventory, nothing } from "../simulator/account/inventory";
import { killDeployWhen, leftIn, NOTHING_MADE, unlockIn } from "../tools/trials/killed-deploy";
import { makeSuiteFolder, sharedCache } from "../tools/trials/suite-folder";
import { makeScratch } from "../tools/trials/scratch";
import { type EmulatedAws, findTools, startEmulatedAws } from "../simulator/account/emulated-aws";

const STATES = "states-of-the-team";

interface Outcome {
  readonly state: "local" | "S3";
  /** Seconds from Terraform's start to its kill; nothing when it had ended before. */
  readonly killedAfter: number | undefined;
  readonly redeployed: boolean;
  /** Resources that no state knew. */
  readonly left: number;
  /** What went wrong; nothing when the account is empty again. */
  readonly trouble: string | undefined;
}

async function main(times: number): Promise<void> {
  const tools = await findTools();
  if ("missing" in tools) throw new Error(tools.missing.join("; "));
  makeSuiteFolder();
  const scratch = makeScratch();
  const aws = await startEmulatedAws(tools, { folder: join(scratch, "account") });
  try {
    await apiOf(aws.account).s3.send(new CreateBucketCommand({ Bucket: STATES }));
    const clusters = {
      local: makeCluster("local", "", scratch, aws),
      S3: makeCluster("team", `state: { bucket: ${STATES} }\n`, scratch, aws),
    };
    const seconds = await timeOfADeploy(clusters.local);
    say(`a deploy takes Terraform about ${seconds.toFixed(0)} s; killed at random moments of it:`);
    const outcomes: Outcome[] = [];
    for (let index = 0; index < times; index += 1) {
      const state = index % 2 === 0 ? "local" : "S3";
      const outcome = await killOnce(clusters[state], state, Math.random() * seconds, index % 4 > 1, aws);
      outcomes.push(outcome);
      say(describe(outcome));
      if (outcome.trouble === undefined) continue;
      say(`the account's log ends:\n${readFileSync(aws.account.logFile, "utf8").slice(-20_000)}`);
      break;
    }
    const killed = outcomes.filter(({ killedAfter }) => killedAfter !== undefined);
    const lost = outcomes.reduce((sum, { left }) => sum + left, 0);
    const failed = outcomes.filter(({ trouble }) => trouble !== undefined).length;
    say(`${killed.length} of ${outcomes.length} killed, ${lost} resources in no state, ${failed} failed`);
    process.exitCode = failed > 0 ? 1 : 0;
  } finally {
    await aws.stop();
  }
}

function makeCluster(name: string, config: string, scratch: string, aws: EmulatedAws): EmulatedCluster {
  const folder = makeClone({
    folder: join(scratch, name),
    config: `name: ${name}\nworkers: { count: 1 }\n${config}`,
    cache: sharedCache(),
  });
  const cluster = new EmulatedCluster(folder, name, aws);
  cluster.output = `cdktf.out.${name}`;
  return cluster;
}

/** Of its Terraform, in seconds. Also builds the Python environment, which all later deploys share. */
async function timeOfADeploy(cluster: EmulatedCluster): Promise<number> {
  await cluster.locustCluster("prepare");
  const looks: number[] = [];
  await killDeployWhen(cluster, () => {
    looks.push(performance.now());
    return Promise.resolve(false);
  });
  await cluster.locustCluster("destroy", "--yes");
  return ((looks.at(-1) ?? 0) - (looks[0] ?? 0)) / 1000;
}

async function killOnce(
  cluster: EmulatedCluster,
  state: Outcome["state"],
  seconds: number,
  redeployed: boolean,
  aws: EmulatedAws,
): Promise<Outcome> {
  let begin: number | undefined;
  const isKilled = await killDeployWhen(cluster, () => {
    begin ??= performance.now();
    return Promise.resolve(performance.now() - begin >= seconds * 1000);
  });
  const results: CommandResult[] = [];
  if (redeployed) results.push(await insist(cluster, "deploy", "--no-wait", "--yes"));
  results.push(await insist(cluster, "destroy", "--yes"));
  const rest = await inventory(apiOf(aws.account));
  const isEmpty = isDeepStrictEqual(rest, { ...nothing, buckets: [STATES] });
  const failure = results.find(({ code, output }) => code !== 0 && !NOTHING_MADE.test(output))?.output;
  return {
    state,
    killedAfter: isKilled ? seconds : undefined,
    redeployed,
    left: results.reduce((sum, { output }) => sum + leftIn(output), 0),
    trouble: failure ?? (isEmpty ? undefined : `left in the account: ${JSON.stringify(rest)}`),
  };
}

/** Does what the message says about a lock that the killed Terraform has left in S3. */
async function insist(cluster: EmulatedCluster, ...args: string[]): Promise<CommandResult> {
  const first = await cluster.locustCluster(...args);
  const unlock = unlockIn(first.output);
  if (unlock === undefined) return first;
  await cluster.run("sh", "-c", unlock);
  return cluster.locustCluster(...args);
}

function describe({ state, killedAfter, redeployed, left, trouble }: Outcome): string {
  const when = killedAfter === undefined ? "ended before" : `killed after ${killedAfter.toFixed(1)} s`;
  const then = redeployed ? "deployed again and destroyed" : "destroyed";
  return `state ${state}, ${when}, ${left} in no state, ${then}: ${trouble ?? "nothing left"}`;
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

void main(Number(process.argv[2] ?? 20));
