/**
 * Deploy, plan and destroy with real Terraform on the emulated account, whose EC2 throttles as AWS's does. The instances do not boot.
 *
 * Usage: npm run bench:deploy [-- workers [throttle [parallelism]]]
 *        (500 workers; 1, which is buckets of AWS's size; Terraform's own parallelism, 10)
 *        npm run bench:deploy -- fleets
 *        (without fleets, and with fleets of 1 and of 500 machines in 0, 1 and 3 other regions)
 */
import { cpus } from "node:os";
import { join } from "node:path";
import { type EmulatedAws, findTools, startEmulatedAws } from "../simulator/account/emulated-aws";
import { makeSuiteFolder } from "../tools/trials/suite-folder";
import { ClusterSteps, type Measured } from "./deploy/cluster-steps";
import { benchFleets } from "./deploy/fleets";
import { throttled } from "./deploy/throttled";

const HOST = `${cpus().length} × ${cpus()[0]?.model.trim()}`;

async function benchWorkers(cluster: ClusterSteps, { account }: EmulatedAws): Promise<void> {
  console.log("| step | time | throttled calls |\n| --- | --- | --- |");
  const print = (step: string, { seconds, throttled: calls }: Measured): void =>
    console.log(`| ${step} | ${seconds.toFixed(0)} s | ${calls} |`);
  print("deploy", await cluster.deploy());
  print("plan", await cluster.plan());
  print("destroy", await cluster.destroy());
  for (const [action, { calls, attempts }] of throttled(account))
    console.log(`\n${action}: ${calls} throttled, at most ${attempts} attempts a call`);
}

async function withAws(throttle: number, bench: (aws: EmulatedAws, scratch: string) => Promise<void>) {
  const tools = await findTools();
  if ("missing" in tools) throw new Error(tools.missing.join("; "));
  const scratch = makeSuiteFolder();
  const aws = await startEmulatedAws(tools, { folder: join(scratch, "account"), throttle });
  try {
    await bench(aws, scratch);
  } finally {
    await aws.stop();
  }
}

async function main([what = "500", throttle = "1", parallelism = "10"]: readonly string[]): Promise<void> {
  if (what === "fleets") {
    await withAws(1, (aws, scratch) => benchFleets(aws, scratch));
    console.log(`\n${HOST}`);
    return;
  }
  await withAws(Number(throttle), async (aws, scratch) => {
    const settings = `workers: { count: ${what} }`;
    const cluster = new ClusterSteps({ aws, folder: join(scratch, "bench"), settings, parallelism });
    await benchWorkers(cluster, aws);
  });
  console.log(`\n${what} workers, buckets × ${throttle}, parallelism ${parallelism}; ${HOST}`);
}

void main(process.argv.slice(2));
