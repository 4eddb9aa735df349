import { oneLine } from "../../lib/model/one-line";
import type { Figures } from "../../protocol/generated/api";
import { outcomeWord } from "../run/outcome-word";
import type { Run } from "../run/run-api";
import { whatHappened } from "../run/what-happened";
import { describeLoad } from "./describe-load";
import { formatCount, formatMs, formatRate, formatRatio } from "./format";
import { describeInterruptions } from "./interruptions";

const SIGN: Readonly<Record<string, string>> = { passed: "✅", finished: "✅", cancelled: "⚠️" };

/** A run in Markdown, for the page of a CI job. */
export function toMarkdown(run: Run): string {
  const word = outcomeWord(run);
  const happened = whatHappened(run);
  const reason = happened ? `: ${escape(happened)}` : "";
  return [
    `## ${SIGN[word] ?? "❌"} Load test ${escape(run.name ?? run.id)} ${word}`,
    "",
    `Run \`${run.id}\`${reason}. ${escape(describeLoad(run))}.`,
    "",
    ...describeInterruptions(run).flatMap((line) => [`${escape(line)}.`, ""]),
    ...verdicts(run),
    ...figures(run),
    ...fleets(run),
  ].join("\n");
}

function verdicts({ verdicts }: Run): string[] {
  if (verdicts.length === 0) return [];
  const rows = verdicts.map(({ expression, passed, message }) => {
    const sign = passed === null ? "–" : passed ? "✅" : "❌";
    return `| ${sign} | <code>${escape(expression)}</code> | ${escape(message)} |`;
  });
  return ["| | threshold | result |", "| --- | --- | --- |", ...rows, ""];
}

function figures({ total, requests }: Run): string[] {
  if (!total) return [];
  const rows = requests.map((each) => row(escape(`${each.method} ${each.name}`.trim()), each));
  return [
    "| request | requests | failures | req/s | p50 | p95 | p99 |",
    "| --- | --: | --: | --: | --: | --: | --: |",
    ...rows,
    row("**all requests**", total),
    "",
  ];
}

/** Each fleet that took part, `workers` for the machines of none. */
function fleets({ fleet_figures = {} }: Run): string[] {
  const all = Object.entries(fleet_figures);
  if (all.length === 0) return [];
  const rows = all.map(([name, { region, users_max, total }]) =>
    row([escape(name), escape(region), formatCount(users_max)].join(" | "), total),
  );
  return [
    "| fleet | region | most users | requests | failures | req/s | p50 | p95 | p99 |",
    "| --- | --- | --: | --: | --: | --: | --: | --: | --: |",
    ...rows,
    "",
  ];
}

function row(title: string, figures: Figures): string {
  const { requests, fail_ratio, rps, p50_ms, p95_ms, p99_ms } = figures;
  const times = [p50_ms, p95_ms, p99_ms].map(formatMs);
  const cells = [title, formatCount(requests), formatRatio(fail_ratio), formatRate(rps), ...times];
  return `| ${cells.join(" | ")} |`;
}

/** Names of requests may hold anything: no table, no markup and no page of GitHub is broken by them. */
function escape(text: string): string {
  return oneLine(text.replace(/\s+/g, " ")).replace(
    /[&|\\`*_<>[\]]/g,
    (found) => `&#${found.codePointAt(0)};`,
  );
}
