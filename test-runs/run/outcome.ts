import { EXIT } from "../../cli/exit-codes";
import type { Colour } from "../../cli/terminal";
import type { RunSummary } from "./run-api";

export interface Outcome {
  /** `passed`, `missed`, or the state of the run. */
  readonly word: string;
  readonly colour: Colour;
  readonly exitCode: number;
}

/** What a run has come to, for people and for programs. */
export function outcomeOf({ state, passed }: Pick<RunSummary, "state" | "passed">): Outcome {
  if (state === "finished") {
    if (passed === false) return { word: "missed", colour: "red", exitCode: EXIT.missed };
    return { word: passed ? "passed" : "finished", colour: "green", exitCode: EXIT.ok };
  }
  // A run that did not come to its end is no success, whatever its thresholds said of the part that ran.
  if (state === "failed" || state === "cancelled" || state === "interrupted")
    return { word: state, colour: state === "cancelled" ? "yellow" : "red", exitCode: EXIT.failed };
  return { word: state, colour: "cyan", exitCode: EXIT.ok };
}
