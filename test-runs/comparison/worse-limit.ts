import { UserError } from "../../lib/model/user-error";
import type { Change, Comparison, Metric } from "./compare-runs";

/** By how much a figure may be worse than before. Where both are given, it is too much only beyond both. */
export interface WorseLimit {
  /** As it was written. */
  readonly text: string;
  /** Figures that it is about. */
  readonly metrics: readonly Metric[];
  /** Part of the value before: 0.1 for 10%. @default - any */
  readonly ratio?: number;
  /** In the metric's own unit: milliseconds, a share (0.01 for a point), requests per second. @default - any */
  readonly amount?: number;
}

export interface Regression {
  readonly name: string;
  /** Nothing where the request is not made any more. */
  readonly change?: Change;
  /** The limit that was passed. */
  readonly limit?: string;
}

/** As thresholds name them (docs/api.md). */
const METRICS: Readonly<Record<string, Metric>> = {
  rps: "rps",
  fail_ratio: "fail_ratio",
  p50: "p50_ms",
  p95: "p95_ms",
  p99: "p99_ms",
};
const TIMES: readonly Metric[] = ["p50_ms", "p95_ms", "p99_ms"];

/** By the unit of an amount: what one of it is, and the metrics that are measured in it. */
const UNITS: Readonly<Record<string, { readonly factor: number; readonly metrics: readonly Metric[] }>> = {
  ms: { factor: 1, metrics: TIMES },
  s: { factor: 1000, metrics: TIMES },
  points: { factor: 0.01, metrics: ["fail_ratio"] },
  "/s": { factor: 1, metrics: ["rps"] },
};

const HINT = "write e.g. '10%', '5ms', 'p95: 10% and 5ms', 'fail_ratio: 0.5 points' or 'rps: 10% and 2/s'";

/**
 * Reads `[<metric>:] <percent> [and <amount>]`, in either order.
 *
 * @throws UserError for any other text
 */
export function parseWorseLimit(text: string): WorseLimit {
  const [, name, rest = ""] = /^\s*(?:(\w+)\s*:)?\s*(.*?)\s*$/s.exec(text)!;
  const named = name === undefined ? undefined : metricOf(name);
  let metrics = named ? [named] : Object.values(METRICS);
  let [ratio, amount]: (number | undefined)[] = [];
  for (const part of rest.split(/\s+and\s+/)) {
    const [, digits, unit = ""] = /^(\d+(?:\.\d+)?)\s*(%|ms|s|points|\/s)$/.exec(part) ?? [];
    const isAgain = (unit === "%" ? ratio : amount) !== undefined;
    if (digits === undefined || isAgain) throw new UserError(`'${text}' is no limit`, { hint: HINT });
    if (unit === "%") ratio = Number(digits) / 100;
    else {
      const { factor, metrics: measured } = UNITS[unit]!;
      metrics = metrics.filter((metric) => measured.includes(metric));
      if (metrics.length === 0) throw new UserError(`${name} is not measured in ${unit}`, { hint: HINT });
      amount = Number(digits) * factor;
    }
  }
  return { text: text.trim(), metrics, ratio, amount };
}

function metricOf(name: string): Metric {
  const metric = Object.hasOwn(METRICS, name) ? METRICS[name] : undefined;
  if (metric) return metric;
  throw new UserError(`'${name}' is not compared; choose one of ${Object.keys(METRICS).join(", ")}`);
}

/** What keeps a run from being as good as the one before: changes for the worse beyond a limit. */
export function regressions({ rows }: Comparison, limits: readonly WorseLimit[]): Regression[] {
  return rows.flatMap(({ name, onlyIn, changes }) => {
    // A request that is not made any more cannot be shown to be as fast as before.
    if (onlyIn === "before") return [{ name }];
    return changes.flatMap((change): Regression[] => {
      const passed = limits.find((limit) => isBeyond(change, limit));
      return passed ? [{ name, change, limit: passed.text }] : [];
    });
  });
}

function isBeyond({ metric, before, after, direction, ratio }: Change, limit: WorseLimit): boolean {
  if (direction !== "worse" || !limit.metrics.includes(metric)) return false;
  // From 0 every change is more than any percentage.
  const isBeyondRatio = limit.ratio === undefined || ratio === null || Math.abs(ratio) > limit.ratio;
  const difference = Math.abs((after ?? 0) - (before ?? 0));
  return isBeyondRatio && (limit.amount === undefined || difference > limit.amount);
}
