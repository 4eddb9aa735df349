import { formatCount, formatMs, formatRate } from "../../../test-runs/formats/format";
import type { RunSummary } from "../../../test-runs/run/run-api";
import type { Paint } from "../colour";
import { renderTable } from "../table";

const COLUMNS = [
  { title: "", shortest: 8 },
  { title: "", align: "right" },
  { title: "", align: "right" },
  { title: "", align: "right", leaves: 1 },
  { title: "", align: "right" },
] as const;

/** Below the line of a run: the present load of each fleet. Empty where one makes all of it. */
export function renderLiveFleets({ fleet_figures = {} }: RunSummary, columns: number, paint: Paint): string {
  const rows = Object.entries(fleet_figures).flatMap(([name, { now }]) => {
    if (!now) return [];
    const failures = `${formatRate(now.failures_per_s)} failures/s`;
    return [
      [
        `  ${name}`,
        `${formatCount(now.users)} users`,
        `${formatRate(now.rps)} req/s`,
        now.failures_per_s > 0 ? paint("red", failures) : "0 failures/s",
        `p95 ${formatMs(now.p95_ms)}`,
      ],
    ];
  });
  // As wide as a line that is drawn over may be.
  return rows.length > 1 ? renderTable(COLUMNS, rows, { width: columns - 1, paint }) : "";
}
