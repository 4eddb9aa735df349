import { oneLine } from "../../lib/model/one-line";
import type { Verdict } from "../../protocol/generated/api";
import { outcomeWord } from "./outcome-word";
import type { Run } from "./run-api";

/** Reasons of a planned end, which do not explain an outcome. */
const PLANNED: readonly string[] = ["its run time is over", "its load shape has ended"];

/** The reason for a run's outcome, for its line; for a missed run, what did not hold. */
export function whatHappened(run: Pick<Run, "state" | "passed" | "reason" | "verdicts">): string | undefined {
  const reason = run.reason === null ? undefined : oneLine(run.reason);
  const [first, ...more] = run.verdicts.filter(({ passed }) => passed === false);
  // Who aborts a run names the threshold.
  if (!first || outcomeWord(run) !== "missed" || reason?.startsWith("aborted: ")) return reason;
  const rest = more.length > 0 ? `, and ${more.length} more` : "";
  const missed = `${oneLine(describe(first))}${rest}`;
  return reason === undefined || PLANNED.includes(reason) ? missed : `${missed}; ${reason}`;
}

/** Locust's own rule on failures is nothing that anybody wrote: what broke it is a sentence by itself (agent/locust_cluster/runs/locusts_rules.py). */
function describe({ expression, message }: Verdict): string {
  return /^[\d,]+ requests? failed;/.test(message) ? message : `${expression}: ${message}`;
}
