import { readFileSync } from "node:fs";
import { join } from "node:path";
import { oneLine } from "../../lib/model/one-line";
import type { Run, RunSummary } from "../run/run-api";
import { parseCsv } from "./csv";
import { formatCount, formatSeconds, plural } from "./format";
import { describeInterruptions } from "./interruptions";

const SHOWN = 3;

type Troubled = Pick<
  RunSummary,
  "state" | "started" | "fleets" | "dropped_reports" | "lost_workers" | "interruptions"
> &
  Pick<Run, "states">;

/**
 * The machines that a run began without or that AWS took back, the workers and reports that it has lost, and its most frequent failures and exceptions, from the files in its folder. Empty
 * when all went well.
 */
export function describeTroubles(folder: string, run: Troubled): string[] {
  return [
    ...fewer(run),
    ...describeInterruptions(run).map((line) => `note: ${line}`),
    ...whileRunning(run),
    ...lost(run),
    ...dropped(run),
    ...top(folder, "failures.csv", "Occurrences", (row) =>
      `${row["Method"]} ${row["Name"]}: ${row["Error"]}`.trim(),
    ),
    ...top(folder, "exceptions.csv", "Count", (row) => `exception in the test: ${lastLine(row)}`),
  ];
}

/** It began with what was there (`--min-processes`). */
function fewer({ started, fleets = {} }: Troubled): string[] {
  if (started === null) return [];
  return Object.entries(fleets).flatMap(([name, { asked, joined, problem }]) => {
    if (joined >= asked) return [];
    const why = problem === null ? "" : `: ${problem}`;
    return [oneLine(`note: the run began with ${joined} of ${plural(asked, "machine")} of ${name}${why}`)];
  });
}

/** That fleets had no process though they have a share of the users. */
function whileRunning({ states = [] }: Troubled): string[] {
  const reason = states.find(({ state }) => state === "running")?.reason;
  return reason ? [oneLine(`note: ${reason}`)] : [];
}

function lost({ lost_workers }: Troubled): string[] {
  if (!lost_workers?.count) return [];
  const { count, first_s, back_s } = lost_workers;
  const isOne = count === 1;
  const from = formatSeconds(first_s ?? 0);
  const what = isOne
    ? `1 worker process was lost at ${from}`
    : `${count} worker processes were lost from ${from} on`;
  const back =
    back_s === null ? `and not ${isOne ? "" : "all "}replaced` : `and replaced by ${formatSeconds(back_s)}`;
  const until = back_s === null ? `until Locust moved ${isOne ? "its" : "their"} users` : "until then";
  return [`note: ${what} ${back}: less load was made ${until}, and the last requests are not counted`];
}

/** A finished run has a verdict that says the same. */
function dropped({ state, dropped_reports }: Troubled): string[] {
  if (state === "finished" || !dropped_reports?.count) return [];
  const { count, last } = dropped_reports;
  return [
    oneLine(`${plural(count, "dropped report")} of workers, the last: ${last}; the figures are not complete`),
  ];
}

function top(
  folder: string,
  file: string,
  column: string,
  describe: (row: Record<string, string>) => string,
): string[] {
  const rows = read(join(folder, file)).sort((left, right) => Number(right[column]) - Number(left[column]));
  const lines = rows
    .slice(0, SHOWN)
    .map((row) => `${formatCount(Number(row[column]))} × ${oneLine(describe(row))}`);
  return rows.length > SHOWN ? [...lines, `… ${rows.length - SHOWN} more kinds in ${file}`] : lines;
}

/** Words and line of the mistake, e.g. `division by zero (locustfile.py:12)`. */
function lastLine(row: Record<string, string>): string {
  const trace = row["Traceback"] ?? "";
  const places = [...trace.matchAll(/File "([^"]+)", line (\d+)/g)];
  // The agent makes the paths of the user's own files relative; below them are the libraries that they called.
  const place = places.findLast(([, path]) => !path!.startsWith("/")) ?? places.at(-1);
  const file = place?.[1]?.split("/").at(-1);
  return place ? `${row["Message"]} (${file}:${place[2]})` : (row["Message"] ?? "");
}

function read(file: string): Record<string, string>[] {
  try {
    return parseCsv(readFileSync(file, "utf8"));
  } catch {
    return [];
  }
}
