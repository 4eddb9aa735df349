import type { Figures } from "../../protocol/generated/api";
import { RESPONSE_TIME_LIMITS_MS } from "../../protocol/generated/constants";
import { shortHash } from "../formats/format";
import type { Run } from "../run/run-api";

export type Metric = "rps" | "fail_ratio" | "p50_ms" | "p95_ms" | "p99_ms";

export type Direction = "better" | "worse" | "same";

export interface Change {
  readonly metric: Metric;
  /** Null where nothing was measured. */
  readonly before: number | null;
  readonly after: number | null;
  /** Part of the value before: 0.1 is ten per cent more. Null where there is no value, or none but zero, to relate to. */
  readonly ratio: number | null;
  readonly direction: Direction;
}

export interface Row {
  /** `GET /checkout`, or `all requests`; `eu` of a fleet. */
  readonly name: string;
  /** Only one of the runs made such requests. */
  readonly onlyIn: "before" | "after" | null;
  readonly changes: readonly Change[];
}

export interface Comparison {
  readonly rows: readonly Row[];
  /** By the names of the fleets. Left out where neither run has figures of fleets. */
  readonly fleets?: readonly Row[];
  /** Why the figures may differ although the system does not. */
  readonly differences: readonly string[];
}

const METRICS: readonly Metric[] = ["rps", "fail_ratio", "p50_ms", "p95_ms", "p99_ms"];
const ALL = "all requests";
/** A failure among thousands is chance: less than this is the same. */
const RATIO_STEP = 0.001;
/** Locust counts whole requests over seconds: less is the same. */
const RPS_SHARE = 0.01;

/** Compares two runs by the names of their requests. Pure. */
export function compareRuns(before: Run, after: Run): Comparison {
  const left = byName(before);
  const right = byName(after);
  const names = [...left.keys(), ...[...right.keys()].filter((name) => !left.has(name))];
  // The sum comes last, as in Locust's own table.
  const ordered = [...names.filter((name) => name !== ALL), ...names.filter((name) => name === ALL)];
  const rows = ordered.map((name) => compareFigures(name, left.get(name), right.get(name)));
  const fleets = compareFleets(before, after);
  return { rows, ...(fleets.length > 0 && { fleets }), differences: differences(before, after) };
}

function compareFleets({ fleet_figures: left = {} }: Run, { fleet_figures: right = {} }: Run): Row[] {
  const names = [...new Set([...Object.keys(left), ...Object.keys(right)])].sort();
  return names.map((name) => compareFigures(name, left[name]?.total, right[name]?.total));
}

function byName({ requests, total }: Run): Map<string, Figures> {
  const found = new Map<string, Figures>(
    requests.map((each) => [`${each.method} ${each.name}`.trim(), each] as const),
  );
  if (total) found.set(ALL, total);
  return found;
}

function compareFigures(name: string, before: Figures | undefined, after: Figures | undefined): Row {
  const onlyIn = before && after ? null : before ? "before" : "after";
  const changes = METRICS.map((metric) =>
    compareValues(metric, before?.[metric] ?? null, after?.[metric] ?? null),
  );
  return { name, onlyIn, changes };
}

export function compareValues(metric: Metric, before: number | null, after: number | null): Change {
  if (before === null || after === null) return { metric, before, after, ratio: null, direction: "same" };
  const difference = after - before;
  const ratio = before === 0 ? (after === 0 ? 0 : null) : difference / before;
  if (Math.abs(difference) <= stepOf(metric, before, after))
    return { metric, before, after, ratio, direction: "same" };
  const isGood = metric === "rps" ? difference > 0 : difference < 0;
  return { metric, before, after, ratio, direction: isGood ? "better" : "worse" };
}

/** Differences up to this size mean nothing, because response times are counted in steps (docs/api.md). */
function stepOf(metric: Metric, before: number, after: number): number {
  const larger = Math.max(before, after);
  if (metric === "rps") return larger * RPS_SHARE;
  if (metric === "fail_ratio") return RATIO_STEP;
  return 10 ** RESPONSE_TIME_LIMITS_MS.filter((limit) => larger >= limit).length;
}

/** `eu=10, us=5`, as `--fleet` and `--share` take them; null for none. */
function byFleet(given: Readonly<Record<string, number | string>> = {}): string | null {
  const names = Object.keys(given).sort();
  return names.map((name) => `${name}=${given[name]}`).join(", ") || null;
}

function differences(before: Run, after: Run): string[] {
  const facts: readonly (readonly [string, (run: Run) => string | number | null | undefined])[] = [
    ["state", (run) => run.state],
    ["host", (run) => run.request.host],
    ["users", (run) => run.request.user_count],
    ["spawn rate", (run) => run.request.spawn_rate],
    ["run time (s)", (run) => run.request.run_time],
    ["warm-up (s)", (run) => run.request.warm_up],
    ["tags", (run) => run.request.tags.join(",") || null],
    ["excluded tags", (run) => run.request.exclude_tags?.join(",") || null],
    ["options of the test", (run) => run.request.args?.join(" ") || null],
    ["user classes", (run) => run.request.user_classes.join(",") || null],
    ["load shape", (run) => run.shape],
    ["machines of fleets", (run) => byFleet(run.request.fleets)],
    ["shares of the users", (run) => byFleet(run.request.shares)],
    ["worker processes", ({ workers }) => workers.connected],
    ["cluster", (run) => run.cluster],
    ["test", (run) => shortHash(run.bundle)],
    ["Locust", (run) => run.versions["locust"]],
  ];
  return facts.flatMap(([name, value]) => {
    const [left, right] = [value(before), value(after)];
    return left === right ? [] : [`${name} ${left ?? "-"} → ${right ?? "-"}`];
  });
}
