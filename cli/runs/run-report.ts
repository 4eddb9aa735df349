import { oneLine } from "../printable";
import { renderTable } from "../table";
import type { Colour } from "../terminal";
import { formatCount, formatMs, formatRate, formatRatio, formatSeconds, plural } from "./format";
import { outcomeOf } from "./outcome";
import { isOver, type Figures, type Run } from "./run-api";

type Paint = (colour: Colour, text: string) => string;

/** A run with its table and verdicts. */
export function renderRun(run: Run, paint: Paint = (_colour, text) => text): string {
  const blocks = [renderHeading(run, paint), renderFigures(run, paint), renderVerdicts(run, paint)];
  return blocks.filter(Boolean).join("\n\n");
}

function renderHeading(run: Run, paint: Paint): string {
  const { word, colour } = outcomeOf(run);
  const reason = run.reason ? `: ${oneLine(run.reason)}` : "";
  return `run ${run.id} ${paint(colour, word)}${reason}\n${paint("dim", describeLoad(run))}`;
}

/** `500 users, 50/s, 5m, https://shop.example.com, 4 worker processes`. */
export function describeLoad(run: Run): string {
  const { user_count, spawn_rate, host } = run.request;
  const parts = [
    run.shape ? `load shape ${run.shape}` : plural(user_count ?? 0, "user"),
    run.shape ? "" : `${spawn_rate ?? 1}/s`,
    isOver(run) && run.started ? `ran for ${formatSeconds(run.progress.elapsed_s)}` : plannedTime(run),
    host ?? "",
    run.workers.expected > 0 ? plural(run.workers.expected, "worker process") : "",
  ];
  return oneLine(parts.filter(Boolean).join(", "));
}

function plannedTime({ request, shape }: Run): string {
  if (shape) return "";
  return request.run_time === null ? "until it is stopped" : formatSeconds(request.run_time);
}

function renderFigures({ total, requests }: Run, paint: Paint): string {
  if (!total) return "";
  const head = ["request", "requests", "failures", "req/s", "avg", "p50", "p95", "p99", "max"];
  const rows = requests.map((each) => [`${each.method} ${each.name}`.trim(), ...cells(each, paint)]);
  rows.push([paint("bold", "all requests"), ...cells(total, paint)]);
  return renderTable(
    head.map((title) => paint("dim", title)),
    rows,
    ["left", ...head.slice(1).map(() => "right" as const)],
  );
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

const WORDS = { true: ["passed", "green"], false: ["missed", "red"], null: ["open", "dim"] } as const;

function renderVerdicts({ verdicts }: Run, paint: Paint): string {
  const rows = verdicts.map(({ expression, passed, message, resolution_ms }) => {
    const [word, colour] = WORDS[`${passed}`];
    const step = resolution_ms === null || message.includes("steps of") ? "" : ` (steps of ${resolution_ms} ms)`;
    return [paint(colour, word), expression, `${message}${paint("dim", step)}`];
  });
  return rows.length > 0 ? renderTable([], rows, ["left", "left", "left"]).trimStart() : "";
}
