import type { Run } from "./run-api";

type Check = (value: unknown) => boolean;

const isText: Check = (value) => typeof value === "string";
const isNumber: Check = (value) => typeof value === "number";

function orNull(check: Check): Check {
  return (value) => value === null || check(value);
}

function isList(check: Check): Check {
  return (value) => Array.isArray(value) && value.every(check);
}

/** An object whose values are all of one kind. */
function isTable(check: Check): Check {
  return (value) => isObject(value) && Object.values(value).every(check);
}

function isRecord(checks: Readonly<Record<string, Check>>): Check {
  return (value) => isObject(value) && Object.entries(checks).every(([name, check]) => check(value[name]));
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

const FIGURES = {
  ...Object.fromEntries(
    ["requests", "failures", "fail_ratio", "rps", "failures_per_s"].map((name) => [name, isNumber]),
  ),
  ...Object.fromEntries(
    ["avg_ms", "min_ms", "max_ms", "p50_ms", "p90_ms", "p95_ms", "p99_ms"].map((name) => [
      name,
      orNull(isNumber),
    ]),
  ),
};

const check = isRecord({
  ...Object.fromEntries(["id", "state", "created", "cluster"].map((name) => [name, isText])),
  ...Object.fromEntries(
    ["name", "reason", "started", "ended", "shape"].map((name) => [name, orNull(isText)]),
  ),
  labels: isTable(isText),
  progress: isRecord({ elapsed_s: isNumber, run_time_s: orNull(isNumber), phase: isText }),
  workers: isRecord({ connected: isNumber, expected: isNumber }),
  total: orNull(isRecord(FIGURES)),
  request: isRecord({
    host: orNull(isText),
    user_count: orNull(isNumber),
    spawn_rate: orNull(isNumber),
    run_time: orNull(isNumber),
    user_classes: isList(isText),
    tags: isList(isText),
  }),
  requests: isList(isRecord({ method: isText, name: isText, ...FIGURES })),
  verdicts: isList(isRecord({ expression: isText, message: isText })),
  versions: isTable(isText),
  nodes: isList(isRecord({ name: isText, role: isText })),
});

/** Is this the document of a run, as far as commands look into it? A file may hold anything. */
export function isRun(value: unknown): value is Run {
  return check(value);
}
