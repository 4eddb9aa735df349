import { closeSync, existsSync, fsyncSync, openSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { explainAwsError } from "../../../aws/aws-errors";
import { shortPath } from "../../../lib/model/short-path";
import { UserError } from "../../../lib/model/user-error";
import { RUN_FILE, TIMELINE_FILE } from "../../../protocol/generated/constants";
import { parseCsv } from "../../../test-runs/formats/csv";
import { formatBytes, plural } from "../../../test-runs/formats/format";
import { explainMaster } from "../../../test-runs/master/explain-master";
import { isOver, type Run } from "../../../test-runs/run/run-api";
import type { RunsBucket } from "../../../test-runs/sources/bucket-source";
import { type FetchedRun, fetchRun } from "../../../test-runs/sources/fetch-run";
import { readLocalRun, runFolder, syncFolder } from "../../../test-runs/sources/folder";
import type { RunSource } from "../../../test-runs/sources/source";

/** The master's agent copies a run within seconds of its end, and tries again half a minute after a failure. */
const LIMIT_MS = 45_000;
const PAUSE_MS = 2000;
const PARALLEL = 20;

interface AwaitCopiesOptions {
  readonly ids: readonly string[];
  /** Buckets that stay. */
  readonly buckets: readonly RunsBucket[];
  readonly signal: AbortSignal;
  readonly tell: (line: string) => void;
  /** @default 45000 */
  readonly limitMs?: number;
  /** @default 2000 */
  readonly pauseMs?: number;
}

/** Waits until these runs are complete in one of the buckets. Gives those that are not, after a while. */
export async function awaitCopies({
  ids,
  buckets,
  signal,
  tell,
  limitMs = LIMIT_MS,
  pauseMs = PAUSE_MS,
}: AwaitCopiesOptions) {
  const deadline = Date.now() + limitMs;
  let missing = ids;
  for (let told = false; ;) {
    try {
      missing = await without(missing, buckets);
    } catch (error) {
      tell(explainAwsError(error, "a bucket that should hold the runs could not be read").message);
      return missing;
    }
    if (missing.length === 0 || Date.now() >= deadline) return missing;
    if (!told) tell(`waiting for the master to copy ${missing.join(", ")} to the bucket …`);
    told = true;
    await sleep(pauseMs, undefined, { signal });
  }
}

async function without(ids: readonly string[], buckets: readonly RunsBucket[]): Promise<string[]> {
  const missing: string[] = [];
  for (let start = 0; start < ids.length; start += PARALLEL) {
    const batch = ids.slice(start, start + PARALLEL);
    const found = await Promise.all(batch.map((id) => isComplete(id, buckets)));
    missing.push(...batch.filter((_, index) => !found[index]));
  }
  return missing;
}

/** run.json goes last: a run that is over there is complete there. */
async function isComplete(id: string, buckets: readonly RunsBucket[]): Promise<boolean> {
  const runs = await Promise.all(buckets.map((bucket) => bucket.find(id)));
  return runs.some((run) => run !== undefined && isOver(run));
}

interface SaveRunOptions {
  readonly id: string;
  /** Name of the cluster. */
  readonly cluster: string;
  readonly source: RunSource;
  readonly signal: AbortSignal;
  readonly tell: (line: string) => void;
}

/** Fetches a run to `runs/`, or throws one sentence. Also fetches what exists of a run that never ended. */
export async function saveRun({ id, cluster, source, signal, tell }: SaveRunOptions): Promise<FetchedRun> {
  checkSameCluster(id, cluster);
  const fetched = await fetchRun(id, {
    source,
    signal,
    onRetry: ({ message }) => {
      tell(`run ${id}: ${message}; trying again …`);
    },
  }).catch((error: unknown) => {
    if (error instanceof UserError || signal.aborted) throw error;
    if (source.name === "bucket") throw explainAwsError(error, `run ${id} could not be read from the bucket`);
    throw explainMaster(error, `cluster '${cluster}'`);
  });
  const folder = shortPath(fetched.folder);
  const size = `${plural(fetched.files, "file")}, ${formatBytes(fetched.bytes)}`;
  if (!fetched.wasHere) tell(`run ${id} fetched from the ${source.name}: ${folder} (${size})`);
  const run = readLocalRun(id);
  if (!run) tell(`run ${id} has no run.json: ${folder} has its other files`);
  else if (!isOver(run)) {
    closeUnfinished(run);
    tell(`run ${id} had not ended when it was last copied: its end may be missing`);
  }
  return fetched;
}

/** Ids have the second and the name, so two clusters of one clone can have the same id. */
function checkSameCluster(id: string, cluster: string): void {
  const here = readLocalRun(id);
  if (!here || here.cluster === cluster) return;
  throw new UserError(
    `${shortPath(runFolder(id))} holds a run of cluster '${here.cluster}' with the same id`,
    {
      hint: "move that folder out of runs/",
    },
  );
}

const REASON = "the cluster was destroyed, and its master could not be asked for the end of the run";

/**
 * Writes into a run's file here that it is over, as the master's next start would have done
 * (agent/locust_cluster/runs/recovery.py): it ended with the last row of its timeline.
 */
function closeUnfinished(run: Run): void {
  const { states = [] } = run;
  const folder = runFolder(run.id);
  // ISO 8601 in UTC with milliseconds: such texts sort by time.
  const times = [...states.map(({ time }) => time), ...rowTimes(join(folder, TIMELINE_FILE))].sort();
  const ended = times.at(-1) ?? null;
  const state = { state: "interrupted", time: new Date().toISOString(), reason: REASON } as const;
  const closed = {
    ...run,
    state: state.state,
    reason: REASON,
    states: [...states, state],
    ended,
    now: null,
    ...(run.fleet_figures && { fleet_figures: withoutNow(run.fleet_figures) }),
    progress: { ...run.progress, elapsed_s: elapsed(run, ended), phase: "over" },
  };
  const file = join(folder, RUN_FILE);
  writeSynced(`${file}.part`, `${JSON.stringify(closed, null, 1)}\n`);
  renameSync(`${file}.part`, file);
  syncFolder(folder);
}

function withoutNow(fleets: NonNullable<Run["fleet_figures"]>): Run["fleet_figures"] {
  return Object.fromEntries(Object.entries(fleets).map(([name, each]) => [name, { ...each, now: null }]));
}

/** On the disk when it returns. */
function writeSynced(file: string, content: string): void {
  const descriptor = openSync(file, "w");
  try {
    writeFileSync(descriptor, content);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/** Times of the rows that are whole. */
function rowTimes(file: string): string[] {
  if (!existsSync(file)) return [];
  const rows = parseCsv(readFileSync(file, "utf8"));
  return rows.flatMap(({ time = "" }) => (/^\d{4}-\d{2}-\d{2}T[\d:]{8}\.\d{3}Z$/.test(time) ? [time] : []));
}

/** run.json is written less often than the timeline: its own figure may be older. */
function elapsed({ started, progress }: Run, ended: string | null): number {
  if (started === null || ended === null) return progress.elapsed_s;
  const seconds = (Date.parse(ended) - Date.parse(started)) / 1000;
  return Math.round(Math.max(progress.elapsed_s, seconds) * 10) / 10;
}
