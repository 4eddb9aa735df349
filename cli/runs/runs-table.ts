import { renderTable } from "../table";
import type { Colour } from "../terminal";
import type { ListedRun } from "./all-runs";
import { formatCount, formatMs, formatRate, formatRatio, formatSeconds } from "./format";
import { outcomeOf } from "./outcome";

type Paint = (colour: Colour, text: string) => string;

const HEAD = ["run", "result", "time", "requests", "failures", "req/s", "p95", "where"];

/** A line for each run, newest first. */
export function renderRunsTable(runs: readonly ListedRun[], paint: Paint = (_colour, text) => text): string {
  const rows = runs.map(({ run, where }) => {
    const { word, colour } = outcomeOf(run);
    const { total, progress } = run;
    return [
      run.id,
      paint(colour, word),
      run.started ? formatSeconds(progress.elapsed_s) : "-",
      total ? formatCount(total.requests) : "-",
      total ? formatRatio(total.fail_ratio) : "-",
      total ? formatRate(total.rps) : "-",
      total ? formatMs(total.p95_ms) : "-",
      where,
    ];
  });
  return renderTable(
    HEAD.map((title) => paint("dim", title)),
    rows,
    ["left", "left", "right", "right", "right", "right", "right", "left"],
  );
}
