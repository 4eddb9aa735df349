import type { RunSummary } from "./run-api";

/** The outcome of a run in one word: `passed`, `missed`, or its state. */
export function outcomeWord({ state, passed }: Pick<RunSummary, "state" | "passed">): string {
  if (state !== "finished" || (passed !== true && passed !== false)) return state;
  return passed ? "passed" : "missed";
}
