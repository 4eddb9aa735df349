import type { ListedRun } from "../../../test-runs/catalogue/all-runs";
import {
  formatCount,
  formatMs,
  formatRate,
  formatRatio,
  formatSeconds,
} from "../../../test-runs/formats/format";
import type { Column } from "../fit-columns";
import { renderTable, type TableOptions } from "../table";
import { plain } from "../colour";
import { outcomeOf } from "./outcome";

const COLUMNS: readonly Column[] = [
  { title: "run", shortest: 24 },
  { title: "result" },
  { title: "time", align: "right", leaves: 4 },
  { title: "requests", align: "right", leaves: 3 },
  { title: "failures", align: "right" },
  { title: "req/s", align: "right", leaves: 2 },
  { title: "p95", align: "right" },
  { title: "where", leaves: 1 },
];

/** A line for each run, newest first. */
export function renderRunsTable(runs: readonly ListedRun[], options: TableOptions = {}): string {
  const { paint = plain } = options;
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
  return renderTable(COLUMNS, rows, options);
}
