/** `npm run simulate`: the cluster of a cluster.yaml on booted machines, without AWS, until Ctrl-C. */
import { rmSync, writeFileSync } from "node:fs";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { Command } from "commander";
import { loadCluster } from "../lib/config";
import { projectRoot } from "../lib/project";
import { UserError } from "../lib/user-error";
import { RUN_FOLDER } from "./place";
import { CLUSTER_NAME, SimulatedCluster } from "./simulated-cluster";
import { Simulation } from "./simulation";

const ENVIRONMENT_FILE = join(RUN_FOLDER, "environment");

interface Options {
  readonly config?: string;
}

function say(line: string): void {
  process.stderr.write(`${line}\n`);
}

/** The state of an earlier simulation describes an account that is gone. */
function forgetState(project: string): void {
  for (const file of readdirSync(project)) {
    if (file.startsWith(`terraform.${CLUSTER_NAME}.tfstate`)) rmSync(join(project, file));
  }
}

function writeEnvironment(cluster: SimulatedCluster): void {
  const names = /^(AWS_|TF_|LOCUST_CLUSTER_|NODE_EXTRA|NO_PROXY|no_proxy|CHECKPOINT|DISABLE_VERSION)/;
  const quote = (value: string) => `'${value.replaceAll("'", "'\\''")}'`;
  const lines = Object.entries(cluster.environment)
    .filter(([name]) => names.test(name))
    .map(([name, value = ""]) => `export ${name}=${quote(value)}\n`);
  writeFileSync(ENVIRONMENT_FILE, lines.join(""), { mode: 0o600 });
}

async function simulate({ config }: Options, interrupted: Promise<void>): Promise<void> {
  const project = projectRoot();
  const { region } = loadCluster({ file: config, env: {} }).config;
  const simulation = await Simulation.start({
    regions: [region],
    onEvent: (line) => say(`simulator: ${line}`),
  });
  try {
    say(`simulator: ${simulation.aws.description}`);
    forgetState(project);
    const cluster = new SimulatedCluster({ simulation, project, config });
    for (const notice of cluster.notices) say(`simulator: ${notice}, which this host cannot play`);
    writeEnvironment(cluster);
    const deployed = await Promise.race([cluster.deploy(say), interrupted]);
    if (!deployed) return;
    if (deployed.code !== 0) say("simulator: the deploy failed; the machines stay as they are until Ctrl-C");
    const outputs = await cluster.outputs();
    say(`\nopen    ${outputs.master_url}`);
    if (outputs.web_username) say(`login   ${outputs.web_username} / ${outputs.web_password}`);
    say(`ssh     npx locust-cluster ssh master   (after: source ${ENVIRONMENT_FILE})`);
    say(
      `target  http://target.example is a server for the cluster to load\n\nCtrl-C ends it and removes everything.`,
    );
    await interrupted;
  } finally {
    say("\nsimulator: removing everything");
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
