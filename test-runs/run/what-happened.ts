import { oneLine } from "../../lib/model/one-line";
import type { Verdict } from "../../protocol/generated/api";
import { outcomeWord } from "./outcome-word";
import type { Run } from "./run-api";

/** Reasons of a planned end, which explain no outcome: how long the run took stands beside it. */
const PLANNED: readonly string[] = ["its run time is over", "its load shape has ended"];

/** The reason for a run's outcome, for its line: what did not hold, or an end that was not planned. */
export function whatHappened(run: Pick<Run, "state" | "passed" | "reason" | "verdicts">): string | undefined {
  const reason = run.reason === null || PLANNED.includes(run.reason) ? undefined : oneLine(run.reason);
  const [first, ...more] = run.verdicts.filter(({ passed }) => passed === false);
  // Who aborts a run names the threshold.
  if (!first || outcomeWord(run) !== "missed" || reason?.startsWith("aborted: ")) return reason;
  const rest = more.length > 0 ? `, and ${more.length} more` : "";
  const missed = `${oneLine(describe(first))}${rest}`;
  return reason === undefined ? missed : `${missed}; ${reason}`;
}

/** Locust's own rules are nothing that anybody wrote: what broke one is a sentence by itself (agent/locust_cluster/runs/locusts_rules.py). */
function describe({ expression, message }: Verdict): string {
  const isSentence = /^([\d,]+ requests? failed|the test raised [\d,]+ exceptions?);/.test(message);
  return isSentence ? message : `${expression} (${message})`;
}
