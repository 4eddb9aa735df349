import { join } from "node:path";
import { shortPath } from "../../lib/model/short-path";
import { UserError } from "../../lib/model/user-error";
import { shortHash } from "../../test-runs/formats/format";
import type { ClusterNodes } from "../../test-runs/master/master-api";
import { pause } from "../terminal/interrupt";
import { LiveView } from "../terminal/live-view";
import { onInterrupt } from "../terminal/signals";
import type { Terminal } from "../terminal/terminal";
import { LocalCluster, type Ended } from "./cluster";
import { Endings } from "./endings";
import { pageUrl, type LocalPlan } from "./local-plan";
import { listenerOf } from "./port-holder";
import { whoHas } from "./ports";
import {
  allConnected,
  describeProcess,
  renderProcesses,
  toProcesses,
  whyEnded,
  type ProcessProgress,
} from "./processes";
import { PushFollower } from "./push-follower";
import { renderReady } from "./ready";
import { writeRelease } from "./release";
import { removeRunningCluster, writeRunningCluster } from "./running-cluster";

const START_LIMIT_MS = 60_000;
const STARTING_INTERVAL_MS = 250;
const RUNNING_INTERVAL_MS = 2000;

/** Starts the processes, shows how they are, and ends them when the user asks. True when the start was interrupted. */
export async function runLocal(plan: LocalPlan, python: string, terminal: Terminal): Promise<boolean> {
  const interrupt = new AbortController();
  const release = onInterrupt(() => {
    interrupt.abort();
  });
  writeRelease(plan, join(python, "..", ".."));
  writeRunningCluster({
    schema: 1,
    id: plan.id,
    token: plan.token,
    pid: process.pid,
    url: pageUrl(plan),
    started: new Date().toISOString(),
    workers: plan.workers,
    locustArgs: plan.locustArgs,
    locustfiles: plan.test.locustfiles.map((path) => join(plan.test.directory, path)),
  });
  const ended: Ended[] = [];
  const cluster = new LocalCluster(plan, python, (end) => ended.push(end));
  try {
    cluster.start();
    const ready = await waitUntilConnected(plan, cluster, ended, interrupt.signal, terminal);
    if (!ready) return true;
    terminal.line(renderReady(plan, ready, terminal));
    const follower = new PushFollower(plan, cluster, terminal);
    await keepRunning(plan, cluster, ended, interrupt.signal, terminal, follower);
    return false;
  } finally {
    terminal.keep();
    if (interrupt.signal.aborted) terminal.line("stopping …");
    await cluster.stop();
    removeRunningCluster(process.pid);
    release();
  }
}

/** What the master says when all are there; nothing when the user has interrupted. */
async function waitUntilConnected(
  plan: LocalPlan,
  cluster: LocalCluster,
  ended: readonly Ended[],
  signal: AbortSignal,
  terminal: Terminal,
): Promise<ClusterNodes | undefined> {
  const started = Date.now();
  const view = new LiveView(terminal);
  while (!signal.aborted) {
    const nodes = await cluster.nodes();
    const processes = toProcesses(plan, { pids: cluster.pids(), nodes });
    // A process that was killed starts again; one that gives up at the start would give up again.
    const gaveUp = ended.find(({ signal: killed }) => killed === null);
    if (gaveUp) throw startFailure(plan, gaveUp, cluster.pids());
    show(processes, terminal, view);
    if (nodes && allConnected(processes, nodes)) {
      terminal.keep();
      return nodes;
    }
    if (Date.now() - started > START_LIMIT_MS) {
      const missing = processes.filter(({ state }) => state !== "connected").map(({ name }) => name);
      throw new UserError(`${missing.join(", ")} did not connect within ${START_LIMIT_MS / 1000} s`, {
        hint: `see ${missing.map((name) => shortPath(cluster.log(name))).join(", ")}`,
      });
    }
    await pause(STARTING_INTERVAL_MS, signal);
  }
  return undefined;
}

function startFailure(
  plan: LocalPlan,
  ended: Ended,
  pids: ReadonlyMap<string, number | undefined>,
): UserError {
  const { name, log, pid, code } = ended;
  const taken = portOfAnother(plan, name, [pid, ...pids.values()]);
  if (taken !== undefined)
    return new UserError(`${name} could not start: ${whoHas(taken)} took port ${taken} first`, {
      hint: "start again, or choose a port with --port",
    });
  return new UserError(`${name} could not start (exit code ${code}): ${whyEnded(plan, name, log, pid)}`, {
    hint: `its whole output is in ${shortPath(log)}`,
  });
}

/** A port of this process on which a process of somebody else listens: no lock keeps all programs away. */
function portOfAnother(
  { pagePort, workerPort, targetPort }: LocalPlan,
  name: string,
  ours: readonly (number | undefined)[],
): number | undefined {
  const ports = name === "master" ? [pagePort, workerPort] : name === "target" ? [targetPort!] : [];
  return ports.find((port) => {
    const pid = listenerOf(port);
    return pid !== undefined && !ours.includes(pid);
  });
}

/** Tells of every process that ends and comes back. */
async function keepRunning(
  plan: LocalPlan,
  cluster: LocalCluster,
  ended: Ended[],
  signal: AbortSignal,
  terminal: Terminal,
  follower: PushFollower,
): Promise<void> {
  const endings = new Endings();
  /** Line to show once all are connected. */
  let awaited: string | undefined;
  while (!signal.aborted) {
    for (const { name, code, signal: killed, log, pid } of ended.splice(0)) {
      const how = killed
        ? `was ended by ${killed}`
        : `ended (exit code ${code}): ${whyEnded(plan, name, log, pid)}`;
      const line = endings.tell(name, how, shortPath(log));
      if (line) terminal.line(line);
      awaited ??= "all workers are connected again";
    }
    const pushed = await follower.look();
    if (pushed) awaited = `test ${shortHash(pushed)} runs on all ${plan.workers + 1} processes`;
    const nodes = awaited ? await cluster.nodes() : undefined;
    if (awaited && nodes && allConnected(toProcesses(plan, { pids: cluster.pids(), nodes }), nodes)) {
      terminal.line(awaited);
      awaited = undefined;
    }
    await pause(awaited ? STARTING_INTERVAL_MS : RUNNING_INTERVAL_MS, signal);
  }
}

function show(processes: readonly ProcessProgress[], terminal: Terminal, view: LiveView): void {
  view.showEach(
    () => renderProcesses(processes, terminal.rows - 4, terminal.paint.bind(terminal)),
    () => processes.map((process) => [process.name, `${process.name}: ${describeProcess(process)}`] as const),
  );
}
