import type {
  Figures,
  FleetFigures,
  Interruption,
  Now,
  RequestFigures,
  RunFleet,
  StateChange,
  Verdict,
} from "../../protocol/generated/api";
import type { Run } from "./run-api";

type Check = (value: unknown) => boolean;

/** A check for some fields of a document. */
type Checks<T> = { readonly [name in keyof T]?: Check };

const isText: Check = (value) => typeof value === "string";
/** JSON may hold 1e999, which is infinite. */
const isNumber: Check = (value) => Number.isFinite(value);
const isCount: Check = (value) => Number.isSafeInteger(value) && (value as number) >= 0;

function orNull(check: Check): Check {
  return (value) => value === null || check(value);
}

function orAbsent(check: Check): Check {
  return (value) => value === undefined || check(value);
}

function isList(check: Check): Check {
  return (value) => Array.isArray(value) && value.every(check);
}

/** An object whose values are all of one kind. */
function isTable(check: Check): Check {
  return (value) => isObject(value) && Object.values(value).every(check);
}

/** An object with these fields, which are some of `T`. */
function isRecord<T>(checks: Checks<T>): Check {
  const fields: readonly [string, Check][] = Object.entries(checks);
  return (value) => isObject(value) && fields.every(([name, check]) => check(value[name]));
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** One check for several fields. */
function each<T>(names: readonly (keyof T & string)[], check: Check): Checks<T> {
  return Object.fromEntries(names.map((name) => [name, check])) as Checks<T>;
}

const FIGURES: Checks<Figures> = {
  ...each<Figures>(["requests", "failures", "fail_ratio", "rps", "failures_per_s"], isNumber),
  ...each<Figures>(["avg_ms", "min_ms", "max_ms", "p50_ms", "p90_ms", "p95_ms", "p99_ms"], orNull(isNumber)),
};

const NOW: Checks<NonNullable<Now>> = {
  ...each<NonNullable<Now>>(["users", "rps", "failures_per_s"], isNumber),
  p95_ms: orNull(isNumber),
};

const INTERRUPTION: Checks<Interruption> = {
  ...each<Interruption>(["node", "instance_id", "fleet", "cause", "time"], isText),
  elapsed_s: isNumber,
  ends: orNull(isText),
};

const RUN_FLEET: Checks<RunFleet> = {
  ...each<RunFleet>(["asked", "joined"], isCount),
  started: orNull(isCount),
  ...each<RunFleet>(["problem", "kept"], orNull(isText)),
};

const check = isRecord<Run>({
  ...each<Run>(["id", "state", "created", "cluster"], isText),
  ...each<Run>(["name", "reason", "started", "ended", "shape"], orNull(isText)),
  labels: isTable(isText),
  progress: isRecord<Run["progress"]>({ elapsed_s: isNumber, run_time_s: orNull(isNumber), phase: isText }),
  workers: isRecord<Run["workers"]>({ connected: isNumber, expected: isNumber }),
  total: orNull(isRecord<Figures>(FIGURES)),
  // An older agent, or a cluster without fleets, writes none of these.
  fleets: orAbsent(isTable(isRecord(RUN_FLEET))),
  interruptions: orAbsent(
    isRecord<NonNullable<Run["interruptions"]>>({
      count: isCount,
      machines: isList(isRecord(INTERRUPTION)),
    }),
  ),
  lost_workers: orAbsent(
    isRecord<NonNullable<Run["lost_workers"]>>({
      count: isCount,
      first_s: orNull(isNumber),
      back_s: orNull(isNumber),
    }),
  ),
  dropped_reports: orAbsent(
    isRecord<NonNullable<Run["dropped_reports"]>>({ count: isCount, last: orNull(isText) }),
  ),
  states: orAbsent(isList(isRecord<StateChange>({ state: isText, time: isText, reason: orNull(isText) }))),
  fleet_figures: orAbsent(
    isTable(
      isRecord<FleetFigures>({
        region: isText,
        users_max: isNumber,
        now: orNull(isRecord(NOW)),
        total: isRecord<Figures>(FIGURES),
      }),
    ),
  ),
  request: isRecord<Run["request"]>({
    host: orNull(isText),
    user_count: orNull(isNumber),
    spawn_rate: orNull(isNumber),
    run_time: orNull(isNumber),
    user_classes: isList(isText),
    tags: isList(isText),
    fleets: orAbsent(isTable(isCount)),
    shares: orAbsent(isTable(isText)),
    min_processes: orAbsent(orNull(isCount)),
  }),
  requests: isList(isRecord<RequestFigures>({ method: isText, name: isText, ...FIGURES })),
  verdicts: isList(isRecord<Verdict>({ expression: isText, message: isText })),
  versions: isTable(isText),
  nodes: isList(isRecord<Run["nodes"][number]>({ name: isText, role: isText })),
});

/** Is this the document of a run, as far as commands look into it? A file may hold anything. */
export function isRun(value: unknown): value is Run {
  return check(value);
}
