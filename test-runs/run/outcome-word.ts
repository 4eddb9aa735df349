import type { RunSummary } from "./run-api";

/** What a run has come to, in a word: `passed`, `missed`, or its state. */
export function outcomeWord({ state, passed }: Pick<RunSummary, "state" | "passed">): string {
  if (state !== "finished" || (passed !== true && passed !== false)) return state;
  return passed ? "passed" : "missed";
}
