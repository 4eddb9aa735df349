import type * as api from "../../protocol/generated/api";
import { OVER_STATES } from "../../protocol/generated/constants";

/** The same without fields that an older agent did not write: its runs are still read. */
type OrOlder<Document, Field extends keyof Document> = Omit<Document, Field> & Partial<Pick<Document, Field>>;

/** A run as it is listed. */
export type RunSummary = OrOlder<
  api.RunSummary,
  "measured_from" | "dropped_reports" | "lost_workers" | "interruptions" | "fleets"
>;

/** A run as the master's API and `run.json` show it (docs/api.md). */
export interface Run
  extends RunSummary, Pick<api.Run, "requests" | "verdicts" | "versions">, Partial<Pick<api.Run, "states">> {
  /** The request with all defaults. Durations in seconds. */
  readonly request: OrOlder<
    api.NormalizedRequest,
    "exclude_tags" | "args" | "fleets" | "shares" | "min_processes"
  >;
  readonly nodes: readonly Pick<api.Node, "name" | "role">[];
}

export interface RunList extends Omit<api.RunList, "runs"> {
  readonly runs: readonly RunSummary[];
}

/** Its test has yet to begin: it waits for workers, which may come with another test. */
export function isAwaitingWorkers({ state }: Pick<RunSummary, "state">): boolean {
  return state === "scaling" || state === "waiting";
}

/** Nothing follows its state. */
export function isOver({ state }: Pick<RunSummary, "state">): boolean {
  return OVER_STATES.includes(state);
}
