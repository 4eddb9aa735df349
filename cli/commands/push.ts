import { join } from "node:path";
import { Option, type Command } from "commander";
import { commandLine } from "../../lib/model/command-line";
import { loadCluster, testOf, type Cluster, type Test } from "../../lib/model/config";
import { oneLine } from "../../lib/model/one-line";
import { shortPath } from "../../lib/model/short-path";
import { plural, shortHash } from "../../test-runs/formats/format";
import { explainMaster } from "../../test-runs/master/explain-master";
import { findCluster, type ChosenCluster, type ClusterChoice } from "../cluster/chosen-cluster";
import { checkTest, runPreflight } from "../deploy/preflight/preflight";
import { groupByReason, type Confirmation, type PushedMachine } from "../deploy/push/confirmations";
import { FolderStore, type ObjectStore } from "../deploy/push/object-store";
import { publish } from "../deploy/push/publish";
import { withLocustArgs, withLocustfiles } from "../local/make-plan";
import { localFolder, type RunningCluster } from "../local/running-cluster";
import { EXIT } from "../terminal/exit-codes";
import { interruptOnce } from "../terminal/interrupt";
import { printJson } from "../terminal/output";
import { Terminal } from "../terminal/terminal";
import type { CommandResult } from "./definition/command-result";
import { examples, whichCluster, parseWholeNumber, withJson, type JsonOption } from "./definition/options";
import { presentMachines } from "./push/present-machines";
import { waitForMachines } from "./push/wait-for-machines";

/* oxlint-disable typescript/no-require-imports -- a local cluster needs no AWS SDK */

/** Lines to show from a machine's failed check. */
const LOG_LINES = 8;

interface PushOptions extends ClusterChoice, JsonOption {
  /** Minutes. */
  readonly timeout: number;
}

const PUSH_MINUTES = 3;

/** Options and action of `locust-cluster push`. */
export function define(command: Command, result: CommandResult): void {
  examples(withJson(whichCluster(command)), [
    "npx locust-cluster push",
    "npx locust-cluster push --local --timeout 1",
  ])
    .addOption(
      new Option("--timeout <minutes>", "how long to wait for the machines")
        .argParser(parseWholeNumber(1, 120))
        .default(PUSH_MINUTES),
    )
    .action(async (options: PushOptions) => {
      result.code = await push(options);
    });
}

/** Brings the changed test to all machines, and waits for what each says. */
export async function push(options: PushOptions): Promise<number> {
  const terminal = new Terminal();
  const cluster = await findCluster(options);
  const configured = cluster.local ? asStarted(loadCluster(), cluster.local) : loadCluster();
  const tell = (line: string) => {
    terminal.line(line);
  };
  if (cluster.kind === "local") await checkTest(configured, "here");
  else await runPreflight(configured, tell);
  const machines = await machinesOf(cluster, tell);
  const store = openStore(cluster);
  const { signal, release } = interruptOnce();
  try {
    const { current, changed } = await publish(configured, store, tell);
    const short = shortHash(current.bundle);
    tell(
      changed
        ? `uploaded test ${short} (${showTest(testOf(configured))})`
        : `test ${short} is already on the cluster`,
    );
    const wanted = { bundle: current.bundle, environments: Object.values(current.environments) };
    const timeoutMs = options.timeout * 60_000;
    const found = await waitForMachines({ cluster, store, machines, wanted, timeoutMs, signal, terminal });
    if (options.json) printJson({ bundle: current.bundle, changed, machines: found });
    return reportPush(found, { test: short, cluster, interrupted: signal.aborted }, terminal);
  } catch (error) {
    throw explainMaster(error, cluster.label);
  } finally {
    release();
    store.close();
    cluster.client.close();
  }
}

function showTest({ directory, locustfiles }: Test): string {
  return locustfiles.map((path) => shortPath(join(directory, path))).join(", ");
}

/** The test that the local cluster was started with, and the options for Locust. */
function asStarted(cluster: Cluster, { locustfiles, locustArgs = [] }: RunningCluster): Cluster {
  const named = withLocustfiles(cluster, locustfiles, "the test that this cluster was started with");
  return withLocustArgs(named, locustArgs);
}

/** Those that are there before: a master that has just started knows only who has come back. */
async function machinesOf(
  cluster: ChosenCluster,
  tell: (line: string) => void,
): Promise<readonly PushedMachine[]> {
  if (cluster.outputs) {
    const { members } = require("../machines/member-reader") as typeof import("../machines/member-reader");
    return presentMachines(await members(cluster.outputs), tell);
  }
  const { nodes } = await cluster.client.nodes().catch((error: unknown) => {
    throw explainMaster(error, cluster.label);
  });
  return nodes;
}

function openStore({ outputs }: ChosenCluster): ObjectStore {
  if (!outputs) return new FolderStore(join(localFolder(), "store"));
  const { BucketStore } =
    require("../deploy/push/bucket-store") as typeof import("../deploy/push/bucket-store");
  return new BucketStore(outputs.bucket, outputs.region);
}

function reportPush(
  found: readonly Confirmation[],
  { test, cluster, interrupted }: { test: string; cluster: ChosenCluster; interrupted: boolean },
  terminal: Terminal,
): number {
  for (const { names, state, reason, log } of groupByReason(found)) {
    const said = state === "refused" ? `${terminal.paint("red", "refused it")}: ` : "";
    terminal.line(`${names.join(", ")} ${said}${oneLine(reason)}`);
    for (const line of log.slice(-LOG_LINES)) terminal.line(`    ${oneLine(line)}`);
  }
  const confirmed = found.filter(({ state }) => state === "confirmed").length;
  const noun = cluster.kind === "local" ? "process" : "machine";
  const many = cluster.kind === "local" ? "processes" : "machines";
  if (interrupted) {
    terminal.line(`interrupted; the ${many} still switch. '${commandLine("push")}' waits again`);
    return EXIT.interrupted;
  }
  if (confirmed === found.length) {
    const all = found.length === 1 ? `the only ${noun}` : `all ${plural(found.length, noun)}`;
    terminal.line(terminal.paint("green", `test ${test} runs on ${all}`));
    return EXIT.ok;
  }
  const rest = found.some(({ state }) => state === "refused")
    ? `${many} that refused it keep their previous test`
    : `the others will switch: '${commandLine("push")}' waits again`;
  terminal.line(`${confirmed} of ${plural(found.length, noun)} run test ${test}; ${rest}`);
  return EXIT.failed;
}
