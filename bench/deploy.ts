/**
 * Deploy, plan and destroy of many workers, with real Terraform on the emulated account, whose EC2 throttles as AWS's does.
 * The instances do not boot.
 *
 * Usage: npm run bench:deploy [-- workers [throttle [parallelism]]]
 *        (500 workers; 1, which is buckets of AWS's size; Terraform's own parallelism, 10)
 */
import { readFileSync } from "node:fs";
import { cpus } from "node:os";
import { join } from "node:path";
import { makeClone } from "../tools/trials/clone";
import { runCommand } from "../tools/trials/command";
import { succeeded } from "../tools/trials/emulated-cluster";
import { makeSuiteFolder, sharedCache } from "../tools/trials/suite-folder";
import type { Account } from "../simulator/account/account";
import { type EmulatedAws, findTools, startEmulatedAws } from "../simulator/account/emulated-aws";

const NAME = "bench";
const LONGEST_MS = 3_600_000;
const LINE = /^throttled: (\w+) in \S+, attempt=(\d+)/gm;

interface Throttled {
  readonly calls: number;
  /** The most attempts that one call needed. */
  readonly attempts: number;
}

/** What EC2 has refused so far, by action. */
function throttled({ logFile }: Account): Map<string, Throttled> {
  const found = new Map<string, Throttled>();
  for (const [, action = "", attempt] of readFileSync(logFile, "utf8").matchAll(LINE)) {
    const { calls, attempts } = found.get(action) ?? { calls: 0, attempts: 1 };
    found.set(action, { calls: calls + 1, attempts: Math.max(attempts, Number(attempt) + 1) });
  }
  return found;
}

function sum(map: ReadonlyMap<string, Throttled>): number {
  return [...map.values()].reduce((total, { calls }) => total + calls, 0);
}

/** Runs one step and prints its row. */
async function measure(account: Account, step: string, run: () => Promise<unknown>): Promise<void> {
  const before = sum(throttled(account));
  const begin = performance.now();
  await run();
  const seconds = (performance.now() - begin) / 1000;
  console.log(`| ${step} | ${seconds.toFixed(0)} s | ${sum(throttled(account)) - before} |`);
}

async function bench(folder: string, aws: EmulatedAws, parallelism: string): Promise<void> {
  const { account, environment: env } = aws;
  const parallel = `-parallelism=${parallelism}`;
  const run =
    (command: string, ...args: string[]) =>
    async () =>
      succeeded(await runCommand(command, args, { cwd: folder, env, timeoutMs: LONGEST_MS }));
  const ours = (...args: string[]) => run("node", join("bin", "locust-cluster.js"), ...args);
  console.log("| step | time | throttled calls |\n| --- | --- | --- |");
  await measure(account, "deploy", ours("deploy", "--no-wait", `--terraform-arg=${parallel}`));
  // With -detailed-exitcode a plan that is not empty fails.
  const stack = join(`cdktf.out.${NAME}`, "stacks", NAME);
  await measure(account, "plan", run("terraform", `-chdir=${stack}`, "plan", "-detailed-exitcode", parallel));
  await measure(account, "destroy", ours("destroy", "--yes", `--terraform-arg=${parallel}`));
  for (const [action, { calls, attempts }] of throttled(account))
    console.log(`\n${action}: ${calls} throttled, at most ${attempts} attempts a call`);
}

async function main([workers = "500", throttle = "1", parallelism = "10"]: readonly string[]): Promise<void> {
  const tools = await findTools();
  if ("missing" in tools) throw new Error(tools.missing.join("; "));
  const scratch = makeSuiteFolder();
  const aws = await startEmulatedAws(tools, { folder: join(scratch, "account"), throttle: Number(throttle) });
  try {
    const config = `name: ${NAME}\nworkers: { count: ${workers} }\n`;
    const folder = makeClone({ folder: join(scratch, NAME), config, cache: sharedCache() });
    await bench(folder, aws, parallelism);
    console.log(
      `\n${workers} workers, buckets × ${throttle}, parallelism ${parallelism}; ${cpus().length} × ${cpus()[0]?.model.trim()}`,
    );
  } finally {
    await aws.stop();
  }
}

void main(process.argv.slice(2));
