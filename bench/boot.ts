/**
 * From the start of the user data to the connected worker: the product against the plain way, which is `apt-get
 * install`, `python -m venv`, `pip install locust`. Same image, same instance, same master, in turns.
 *
 * Usage, as root: npm run bench:boot
 */
import { join } from "node:path";
import { cpus } from "node:os";
import { EC2Client } from "@aws-sdk/client-ec2";
import { makeClone } from "../tools/trials/clone";
import { clientOptions } from "../simulator/account/clients";
import { makeScratch, removeScratch } from "../tools/trials/scratch";
import { ADDRESSES } from "../simulator/namespace";
import { SimulatedCluster } from "../simulator/simulated-cluster";
import { Simulation } from "../simulator/simulation";
import { PackageRelay } from "./boot/package-relay";
import { plainUserData } from "./boot/plain-way";
import { type Boot, Race } from "./boot/race";

const PAIRS = 3;
const TARGET_RATIO = 0.25;

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;
}

const progress = (line: string) => process.stderr.write(`${line}\n`);

interface Contest {
  readonly race: Race;
  /** User data of both ways, in base64. */
  readonly product: string;
  readonly plain: string;
}

async function prepare(simulation: Simulation, project: string): Promise<Contest> {
  const relay = new PackageRelay(`http://${ADDRESSES.packages}`);
  relay.serve(await simulation.sockets.listen(ADDRESSES.packages, 80));
  const overrides = { LOCUST_CLUSTER_WORKERS_COUNT: "1" };
  const cluster = new SimulatedCluster({ simulation, project, overrides });
  const { code } = await cluster.deploy(progress);
  if (code !== 0) throw new Error(`the deploy ended with exit code ${code}`);
  const { master_url: masterUrl, master_private_ip: masterHost } = await cluster.outputs();
  const ec2 = new EC2Client(clientOptions(simulation.aws.account));
  const like = simulation.node("worker-1");
  const processes = Math.min(like.details?.vcpus ?? 1, cpus().length);
  const master = simulation.node("master");
  const race = new Race({ simulation, ec2, masterUrl, master, like, processes });
  await race.end(like);
  const plain = plainUserData({ relay, masterHost, locustVersion: cluster.config.locust.version });
  return { race, product: like.details?.userData ?? "", plain: Buffer.from(plain).toString("base64") };
}

function print(pairs: readonly { readonly product: Boot; readonly plain: Boot }[]): void {
  console.log("| pair | product | plain | ratio |\n| --- | --- | --- | --- |");
  const seconds = (value: number) => `${value.toFixed(1)} s`;
  pairs.forEach(({ product: { connected: ours }, plain: { connected: theirs } }, index) => {
    console.log(`| ${index + 1} | ${seconds(ours)} | ${seconds(theirs)} | ${(ours / theirs).toFixed(2)} |`);
  });
  const ours = median(pairs.map(({ product }) => product.connected));
  const theirs = median(pairs.map(({ plain }) => plain.connected));
  const ratio = median(pairs.map(({ product, plain }) => product.connected / plain.connected));
  console.log(`| median | ${seconds(ours)} | ${seconds(theirs)} | ${ratio.toFixed(2)} |`);
  console.log(
    `\ntarget: a median ratio of ${TARGET_RATIO} or less: ${ratio <= TARGET_RATIO ? "met" : "missed"}`,
  );
  const ready = median(pairs.map(({ product }) => product.ready));
  console.log(
    `until the master counts the product's processes (it waits two seconds whether they last): ${seconds(ready)}`,
  );
  const middle = pairs.find(({ product }) => product.connected === ours)?.product;
  console.log("\nwhere the product's time goes (its median boot):");
  for (const { name, seconds: took } of middle?.steps ?? [])
    console.log(`  ${name.padEnd(12)} ${took.toFixed(2)} s`);
  console.log("from its started units to the connected processes:");
  for (const { name, seconds: took } of middle?.start ?? [])
    console.log(`  ${name.padEnd(12)} ${took.toFixed(2)} s`);
  console.log(`\n${cpus().length} × ${cpus()[0]?.model.trim()}, Node ${process.version}`);
}

async function main(): Promise<void> {
  const simulation = await Simulation.start({ unknownRoleSeconds: 0, lateRoleSeconds: 0, onEvent: progress });
  const scratch = makeScratch();
  try {
    const project = makeClone({ folder: join(scratch, "project"), config: "" });
    const { race, product, plain } = await prepare(simulation, project);
    progress("one boot each that does not count: what the relay fetches now it has at hand later");
    await race.boot(plain);
    await race.boot(product);
    const pairs = [];
    for (let pair = 1; pair <= PAIRS; pair++) {
      progress(`pair ${pair} of ${PAIRS}`);
      pairs.push({ product: await race.boot(product), plain: await race.boot(plain) });
    }
    print(pairs);
  } finally {
    await simulation.stop();
    removeScratch(scratch);
  }
}

main().then(
  () => process.exit(0),
  (error: unknown) => {
    console.error(error);
    process.exit(1);
  },
);
