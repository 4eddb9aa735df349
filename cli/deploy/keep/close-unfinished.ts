import { closeSync, existsSync, fsyncSync, openSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { RUN_FILE, TIMELINE_FILE } from "../../../protocol/generated/constants";
import { parseCsv } from "../../../test-runs/formats/csv";
import type { Run } from "../../../test-runs/run/run-api";
import { runFolder, syncFolder } from "../../../test-runs/sources/folder";

const REASON = "the cluster was destroyed, and its master could not be asked for the end of the run";

/** Of a run's states, in the file that the master wrote. */
interface Written {
  readonly states?: readonly { readonly time: string }[];
}

/**
 * Writes into a run's file here that it is over, as the master's next start would have done
 * (agent/locust_cluster/runs/recovery.py): it ended with the last row of its timeline.
 */
export function closeUnfinished(run: Run): void {
  const { states = [] } = run as Written;
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
    progress: { ...run.progress, elapsed_s: elapsed(run, ended), phase: "over" },
  };
  const file = join(folder, RUN_FILE);
  writeSynced(`${file}.part`, `${JSON.stringify(closed, null, 1)}\n`);
  renameSync(`${file}.part`, file);
  syncFolder(folder);
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
