import { oneLine } from "../../../lib/model/one-line";
import { formatCount, formatMs, formatRate, formatSeconds } from "../../../test-runs/formats/format";
import { isAwaitingWorkers, type RunSummary } from "../../../test-runs/run/run-api";
import type { Paint } from "../colour";

const BAR = 20;
/** Columns that the line takes with its bar; a narrower terminal gets it without. */
const WIDE = 100;

/** A run that is not over, on one line. */
export function renderLiveLine(run: RunSummary, columns: number, paint: Paint): string {
  const { state, reason, progress, now, workers } = run;
  if (isAwaitingWorkers(run)) {
    const why = reason ?? `${workers.connected} of ${workers.expected} workers`;
    return `${paint("yellow", state)}  ${oneLine(why)}`;
  }
  const word = state === "running" && progress.phase === "warm_up" ? "warming up" : state;
  const parts = [formatTime(progress)];
  if (now) {
    parts.push(
      `${formatCount(now.users)} users`,
      `${formatRate(now.rps)} req/s`,
      now.failures_per_s > 0 ? paint("red", `${formatRate(now.failures_per_s)} failures/s`) : "0 failures/s",
      `p95 ${formatMs(now.p95_ms)}`,
    );
    if (state === "running" && reason) parts.push(paint("yellow", oneLine(reason)));
  } else if (reason) parts.push(oneLine(reason));
  const bar = columns >= WIDE ? renderBar(progress, paint) : "";
  return `${paint("cyan", word)}  ${bar}${parts.join("  ")}`;
}

function formatTime({ elapsed_s, run_time_s }: RunSummary["progress"]): string {
  if (run_time_s === null) return formatSeconds(elapsed_s);
  return `${formatSeconds(Math.min(elapsed_s, run_time_s))} of ${formatSeconds(run_time_s)}`;
}

/** Empty for an open-ended run. */
function renderBar({ elapsed_s, run_time_s }: RunSummary["progress"], paint: Paint): string {
  if (run_time_s === null) return "";
  const done = Math.round(BAR * Math.min(1, elapsed_s / run_time_s));
  return `${"█".repeat(done)}${paint("dim", "░".repeat(BAR - done))}  `;
}
