import { readFileSync } from "node:fs";
import { join } from "node:path";
import { oneLine } from "../../lib/model/one-line";
import type { WorkerProcess } from "../../protocol/generated/api";
import { isThere, type ClusterNodes } from "../../test-runs/master/master-api";
import { renderTable } from "../terminal/table";
import type { Paint } from "../terminal/colour";
import { nodeNames, processFolder, type LocalPlan } from "./local-plan";

export interface ProcessProgress {
  readonly name: string;
  readonly pid: number | undefined;
  readonly state: "starting" | "connected" | "ended";
}

interface Seen {
  /** What the supervisor has started; nothing for a process that has ended. */
  readonly pids: ReadonlyMap<string, number | undefined>;
  /** What the master says, when it answers. */
  readonly nodes: ClusterNodes | undefined;
}

/** The processes as the supervisor and the master see them. */
export function toProcesses(plan: Pick<LocalPlan, "workers">, { pids, nodes }: Seen): ProcessProgress[] {
  // The master takes seconds to notice that a process has ended: what it says of one that we did not start is old.
  const isPresent = (name: string) => (process: WorkerProcess) =>
    process.pid === pids.get(name) && isThere(process);
  const connected = new Set(
    nodes?.nodes.flatMap(({ name, processes }) => (processes.some(isPresent(name)) ? [name] : [])),
  );
  return nodeNames(plan).map((name) => {
    const pid = pids.get(name);
    const answers = name === "master" ? nodes !== undefined : connected.has(name);
    return { name, pid, state: pid === undefined ? "ended" : answers ? "connected" : "starting" };
  });
}

/** Every process is there, and the master counts as many workers. */
export function allConnected(
  processes: readonly ProcessProgress[],
  nodes: ClusterNodes | undefined,
): boolean {
  const workers = processes.length - 1;
  return processes.every(({ state }) => state === "connected") && (nodes?.workers_connected ?? 0) >= workers;
}

export function describeProcess({ name, state }: ProcessProgress): string {
  if (name === "master" && state === "connected") return "page answers";
  return state === "ended" ? "ended, starts again" : state;
}

export function renderProcesses(processes: readonly ProcessProgress[], limit: number, paint: Paint): string {
  const colours = { connected: "green", starting: "yellow", ended: "red" } as const;
  const shown = processes.slice(0, Math.max(limit, 3));
  const rows = shown.map((process) => [
    process.name,
    String(process.pid ?? "-"),
    paint(colours[process.state], describeProcess(process)),
  ]);
  const columns = [{ title: "process" }, { title: "pid", align: "right" }, { title: "state" }] as const;
  const table = renderTable(columns, rows, { paint });
  return shown.length < processes.length ? `${table}\n… and ${processes.length - shown.length} more` : table;
}

/** Why a process ended, in its own words (agent/locust_cluster/plugin/user_test/startup_failure.py), else by the end of its log. */
export function whyEnded(plan: LocalPlan, name: string, log: string, pid: number | undefined): string {
  const told = readFailure(join(processFolder(plan, name), "process-1.json"), pid);
  return oneLine(told ?? lastLine(log) ?? "it said nothing");
}

function readFailure(file: string, pid: number | undefined): string | undefined {
  try {
    const state = JSON.parse(readFileSync(file, "utf8")) as {
      state: string;
      pid: number;
      message: string | null;
    };
    return state.state === "failed" && state.pid === pid ? (state.message ?? undefined) : undefined;
  } catch {
    return undefined;
  }
}

function lastLine(log: string): string | undefined {
  try {
    return readFileSync(log, "utf8").trimEnd().split("\n").at(-1)?.trim() || undefined;
  } catch {
    return undefined;
  }
}
