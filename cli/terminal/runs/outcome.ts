import { outcomeWord } from "../../../test-runs/run/outcome-word";
import type { RunSummary } from "../../../test-runs/run/run-api";
import { EXIT } from "../exit-codes";
import type { Colour } from "../colour";

interface RunOutcome {
  /** `passed`, `missed`, or the state of the run. */
  readonly word: string;
  readonly colour: Colour;
  readonly exitCode: number;
}

/** The outcome of a run, for people and for programs. */
export function outcomeOf(run: Pick<RunSummary, "state" | "passed">): RunOutcome {
  const { state, passed } = run;
  const word = outcomeWord(run);
  if (state === "finished") {
    if (passed === false) return { word, colour: "red", exitCode: EXIT.missed };
    return { word, colour: "green", exitCode: EXIT.ok };
  }
  // A run that did not come to its end is no success, whatever its thresholds said of the part that ran.
  if (state === "failed" || state === "cancelled" || state === "interrupted")
    return { word, colour: state === "cancelled" ? "yellow" : "red", exitCode: EXIT.failed };
  return { word, colour: "cyan", exitCode: EXIT.ok };
}
