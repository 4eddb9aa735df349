import { renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { RUN_FILE, runFolder } from "../runs/folder";
import type { Run } from "../runs/run-api";

const REASON = "the cluster was destroyed, and its master could not be asked for the end of the run";

/** Writes into a run's file here that it is over, as the master's next start would have done. */
export function closeUnfinished(run: Run): void {
  const { states = [] } = run as { readonly states?: readonly unknown[] };
  const file = join(runFolder(run.id), RUN_FILE);
  const state = { state: "interrupted", time: new Date().toISOString(), reason: REASON } as const;
  const closed = {
    ...run,
    state: state.state,
    reason: REASON,
    states: [...states, state],
    now: null,
    progress: { ...run.progress, phase: "over" },
  };
  writeFileSync(`${file}.part`, `${JSON.stringify(closed, null, 1)}\n`);
  renameSync(`${file}.part`, file);
}
