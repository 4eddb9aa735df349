/** `npm run simulate`: the cluster of a cluster.yaml on booted machines, without AWS, until Ctrl-C. */
import { readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { Command } from "commander";
import { INSIDE, removeSimulation, writeSimulation } from "../cli/deploy/simulation/simulation-record";
import { cleanEnvironment } from "../lib/model/clean-environment";
import { loadCluster } from "../lib/model/config";
import { projectRoot } from "../lib/model/project";
import { UserError } from "../lib/model/user-error";
import { CLUSTER_NAME, SimulatedCluster } from "./simulated-cluster";
import { Simulation } from "./simulation";

/** A server beside the machines, which answers the sample test. */
const TARGET = "http://target.example";

interface Options {
  readonly config?: string;
}

// What it says of the Node that it will need one day is not about a simulation.
process.env["AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED"] ??= "true";

function say(line: string): void {
  process.stderr.write(`${line}\n`);
}

/** The state of an earlier simulation describes an account that is gone. */
function forgetState(project: string): void {
  for (const file of readdirSync(project)) {
    if (file.startsWith(`terraform.${CLUSTER_NAME}.tfstate`)) rmSync(join(project, file));
  }
}

/** Leads commands in other terminals to this simulation. */
function publish(cluster: SimulatedCluster): void {
  cluster.override({ [INSIDE]: String(process.pid) });
  const usual = cleanEnvironment();
  const own = Object.entries(cluster.environment).flatMap(([name, value]) =>
    value === undefined || value === usual[name] ? [] : [[name, value] as const],
  );
  writeSimulation(Object.fromEntries(own));
}

async function simulate({ config }: Options, interrupted: Promise<void>): Promise<void> {
  const project = projectRoot();
  // A mistake in cluster.yaml shows before anything is made.
  loadCluster({ file: config, env: {} });
  const simulation = await Simulation.start({
    machineEnvironment: { CLUSTER_SAMPLE_TARGET: TARGET },
    onEvent: (line) => say(`simulator: ${line}`),
  });
  try {
    say(`simulator: ${simulation.aws.description}`);
    forgetState(project);
    const cluster = new SimulatedCluster({ simulation, project, config });
    for (const notice of cluster.notices) say(`simulator: ${notice}, which this host cannot play`);
    publish(cluster);
    const deployed = await Promise.race([cluster.deploy(say), interrupted]);
    if (!deployed) return;
    if (deployed.code !== 0) say("simulator: the deploy failed; the machines stay as they are until Ctrl-C");
    const outputs = await cluster.outputs();
    say(`\nopen    ${outputs.master_url}`);
    if (outputs.web_username) say(`login   ${outputs.web_username} / ${outputs.web_password}`);
    say(`target  ${TARGET} (a sample; test another with -H)`);
    say(`run     npx locust-cluster run -u 20 -r 5 -t 1m, in another terminal`);
    say(`others  status, ssh, logs, push, destroy: the command line finds this simulation`);
    say("\nCtrl-C ends it and removes everything.");
    await interrupted;
  } finally {
    say("\nsimulator: removing everything");
    removeSimulation();
    await simulation.stop();
    forgetState(project);
  }
}

const program = new Command("simulate")
  .description("Boots the cluster of a cluster.yaml as machines of this host, without AWS.")
  .option("--config <file>", "the cluster.yaml (default: the project's own)");

const interrupted = new Promise<void>((resolve) => {
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => resolve());
});

simulate(program.parse().opts<Options>(), interrupted).then(
  () => process.exit(0),
  (error: unknown) => {
    if (!(error instanceof UserError)) throw error;
    say(error.hint ? `${error.message}\n${error.hint}` : error.message);
    process.exit(2);
  },
);
