import { oneLine } from "../../../lib/model/one-line";
import type { Change, Comparison, Direction, Metric, Row } from "../../../test-runs/comparison/compare-runs";
import type { Regression } from "../../../test-runs/comparison/worse-limit";
import { formatMs, formatRate, formatRatio } from "../../../test-runs/formats/format";
import { renderTable, type TableOptions } from "../table";
import { plain, type Colour, type Paint } from "../colour";

const TITLE: Readonly<Record<Metric, string>> = {
  rps: "req/s",
  fail_ratio: "failures",
  p50_ms: "p50",
  p95_ms: "p95",
  p99_ms: "p99",
};

const COLOUR: Readonly<Record<Direction, Colour>> = { better: "green", worse: "red", same: "dim" };

/** A line for each request and figure, then the same of the fleets that both runs have. */
export function renderComparison(
  { rows, fleets = [] }: Comparison,
  titles: readonly [string, string],
  options: TableOptions = {},
): string {
  const shared = fleets.filter(({ onlyIn }) => onlyIn === null);
  const blocks = [
    renderRows("request", rows, titles, options),
    shared.length > 0 ? renderRows("fleet", shared, titles, options) : "",
    [...fleetsOf("before", fleets, titles[0]), ...fleetsOf("after", fleets, titles[1])].join("\n"),
  ];
  return blocks.filter(Boolean).join("\n\n");
}

/** Not as `gone` or `new`: an older agent has no figures of fleets. */
function fleetsOf(which: Row["onlyIn"], fleets: readonly Row[], run: string): string[] {
  const names = fleets.filter(({ onlyIn }) => onlyIn === which).map(({ name }) => oneLine(name));
  return names.length === 0 ? [] : [`only run ${run} has figures of fleets: ${names.join(", ")}`];
}

function renderRows(
  title: string,
  rows: readonly Row[],
  titles: readonly [string, string],
  options: TableOptions,
): string {
  const { paint = plain } = options;
  const columns = [
    { title, shortest: 16 },
    { title: "" },
    { title: titles[0], align: "right", shortest: 9, leaves: 1 },
    { title: titles[1], align: "right", shortest: 9 },
    { title: "change", align: "right" },
    { title: "" },
  ] as const;
  return renderTable(
    columns,
    rows.flatMap((row) => renderRow(row, paint)),
    options,
  );
}

/** Below the table, if a figure that has changed counts as the same. */
export function explainSame({ rows, fleets = [] }: Comparison): string | undefined {
  const changes = [...rows, ...fleets].flatMap((row) => (row.onlyIn ? [] : row.changes));
  return changes.some(({ direction, before, after }) => direction === "same" && before !== after)
    ? "same: within one counting step of response times, 0.1 points of failures or 1% of the rate"
    : undefined;
}

function renderRow({ name, onlyIn, changes }: Row, paint: Paint): string[][] {
  return changes.map((change, index) => [
    index === 0 ? name : "",
    TITLE[change.metric],
    formatValue(change.metric, change.before),
    formatValue(change.metric, change.after),
    onlyIn ? "" : formatChange(change),
    onlyIn
      ? index === 0
        ? onlyIn === "before"
          ? "gone"
          : "new"
        : ""
      : paint(COLOUR[change.direction], change.direction),
  ]);
}

function formatValue(metric: Metric, value: number | null): string {
  if (value === null) return "-";
  if (metric === "rps") return formatRate(value);
  return metric === "fail_ratio" ? formatRatio(value) : formatMs(value);
}

export function formatChange({ ratio, before, after }: Pick<Change, "ratio" | "before" | "after">): string {
  if (before === null || after === null) return "";
  if (ratio === null) return "from 0";
  const percent = ratio * 100;
  // No sign for what rounds to nothing.
  const shown = percent.toFixed(1).replace(/^-0\.0$/, "0.0");
  return `${Number(shown) > 0 ? "+" : ""}${shown}%`;
}

/** `p95 of GET /checkout: 118 ms → 150 ms (+27.1%), more than 10%`. */
export function describeRegression({ name, change, limit = "" }: Regression): string {
  if (!change) return `${oneLine(name)}: no longer requested`;
  const { metric, before, after } = change;
  const values = `${formatValue(metric, before)} → ${formatValue(metric, after)}`;
  const allowed = limit.replace(/^\s*\w+\s*:\s*/, "");
  return `${TITLE[metric]} of ${oneLine(name)}: ${values} (${formatChange(change)}), more than ${oneLine(allowed)}`;
}
