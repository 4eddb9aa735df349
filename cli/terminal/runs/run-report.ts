import type { Figures } from "../../../protocol/generated/api";
import { describeLoad } from "../../../test-runs/formats/describe-load";
import { formatCount, formatMs, formatRate, formatRatio } from "../../../test-runs/formats/format";
import { isOver, type Run } from "../../../test-runs/run/run-api";
import { whatHappened } from "../../../test-runs/run/what-happened";
import type { Column } from "../fit-columns";
import { renderTable, type TableOptions } from "../table";
import { plain, type Paint } from "../colour";
import { outcomeOf } from "./outcome";

type PaintedTable = TableOptions & { readonly paint: Paint };

/** A run with its table and verdicts. */
export function renderRun(run: Run, options: TableOptions = {}): string {
  const { paint = plain } = options;
  const table = { ...options, paint };
  const blocks = [
    renderHeading(run, paint),
    renderFigures(run, table),
    renderFleets(run, table),
    renderVerdicts(run, table),
  ];
  return blocks.filter(Boolean).join("\n\n");
}

function renderHeading(run: Run, paint: Paint): string {
  const { word, colour } = outcomeOf(run);
  const happened = whatHappened(run);
  const reason = happened ? `: ${happened}` : "";
  return `run ${run.id} ${paint(colour, word)}${reason}\n${paint("dim", describeLoad(run))}`;
}

const FIGURES: readonly Column[] = [
  { title: "request", shortest: 24 },
  { title: "requests", align: "right", leaves: 5 },
  { title: "failures", align: "right" },
  { title: "req/s", align: "right" },
  { title: "avg", align: "right", leaves: 1 },
  { title: "p50", align: "right", leaves: 3 },
  { title: "p95", align: "right" },
  { title: "p99", align: "right", leaves: 4 },
  { title: "max", align: "right", leaves: 2 },
];

function renderFigures({ total, requests }: Run, table: PaintedTable): string {
  if (!total) return "";
  const { paint } = table;
  const rows = requests.map((each) => [`${each.method} ${each.name}`.trim(), ...cells(each, paint)]);
  rows.push([paint("bold", "all requests"), ...cells(total, paint)]);
  return renderTable(FIGURES, rows, table);
}

const FLEETS: readonly Column[] = [
  { title: "fleet", shortest: 8 },
  { title: "region", leaves: 4 },
  { title: "most users", align: "right", leaves: 6 },
  ...FIGURES.slice(1),
];

/** Each fleet that took part, `workers` for the machines of none; empty without fleets. */
function renderFleets({ fleet_figures: fleets = {} }: Run, table: PaintedTable): string {
  const rows = Object.entries(fleets).map(([name, { region, users_max, total }]) => [
    name,
    region,
    formatCount(users_max),
    ...cells(total, table.paint),
  ]);
  return rows.length === 0 ? "" : renderTable(FLEETS, rows, table);
}

function cells(figures: Figures, paint: Paint): string[] {
  const { requests, failures, fail_ratio, rps, avg_ms, p50_ms, p95_ms, p99_ms, max_ms } = figures;
  const failed = failures > 0 ? paint("red", `${formatCount(failures)} (${formatRatio(fail_ratio)})`) : "0";
  return [
    formatCount(requests),
    failed,
    formatRate(rps),
    ...[avg_ms, p50_ms, p95_ms, p99_ms, max_ms].map(formatMs),
  ];
}

const WORDS = { true: ["passed", "green"], false: ["missed", "red"], null: [undefined, "dim"] } as const;

const VERDICT: readonly Column[] = [
  { title: "" },
  { title: "", shortest: 20 },
  { title: "", shortest: 30 },
  { title: "", leaves: 1 },
];

function renderVerdicts(run: Run, table: PaintedTable): string {
  const { paint } = table;
  const open = isOver(run) ? "-" : "open";
  const rows = run.verdicts.map(({ expression, passed, message, resolution_ms }) => {
    const [word = open, colour] = WORDS[`${passed}`];
    const step =
      resolution_ms === null || message.includes("steps of") ? "" : `(steps of ${resolution_ms} ms)`;
    return [paint(colour, word), expression, message, paint("dim", step)];
  });
  return renderTable(VERDICT, rows, table);
}
