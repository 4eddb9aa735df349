import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { projectRoot } from "../../lib/model/project";
import { isAlive } from "../../locks/exclusive";

/** The local cluster that runs, for commands in other terminals. */
export interface RunningCluster {
  readonly schema: 1;
  /** Of this start: tells its master from that of another local cluster. */
  readonly id: string;
  /** Where the test brings a login of its own. */
  readonly token?: string | undefined;
  /** Process that keeps the cluster running. */
  readonly pid: number;
  readonly url: string;
  readonly started: string;
  /** Number of worker processes. */
  readonly workers: number;
  /** Paths of the test that it was started with; `push` brings the same one. */
  readonly locustfiles?: readonly string[];
  /** Options for Locust that it was started with, which a push keeps. */
  readonly locustArgs?: readonly string[];
}

export function localFolder(): string {
  return join(projectRoot(), ".cache", "local");
}

/** Held by the one local cluster of this folder, from the first moment of its start to the last of its end. */
export function localLock(): string {
  return `${localFolder()}.lock`;
}

export function writeRunningCluster(state: RunningCluster): void {
  const file = stateFile();
  mkdirSync(dirname(file), { recursive: true });
  // A mode is for a file that is made: one that is there keeps its own.
  rmSync(file, { force: true });
  writeFileSync(file, `${JSON.stringify(state, null, 2)}\n`, { mode: 0o600 });
}

/** Only our own: a cluster that was started meanwhile keeps its. */
export function removeRunningCluster(pid: number): void {
  if (runningCluster()?.pid === pid) rmSync(stateFile(), { force: true });
}

/** The local cluster of this clone whose process still runs. */
export function runningCluster(): RunningCluster | undefined {
  try {
    const state: unknown = JSON.parse(readFileSync(stateFile(), "utf8"));
    return isRunningCluster(state) && isAlive(state.pid) ? state : undefined;
  } catch {
    return undefined;
  }
}

/** As `writeRunningCluster` has written it: a file that somebody has changed leads nowhere. */
function isRunningCluster(value: unknown): value is RunningCluster {
  const { id, pid, url } = (value ?? {}) as Partial<Record<keyof RunningCluster, unknown>>;
  const isProcess = Number.isInteger(pid) && (pid as number) > 0;
  return isProcess && typeof id === "string" && typeof url === "string" && URL.canParse(url);
}

function stateFile(): string {
  return join(localFolder(), "cluster.json");
}
