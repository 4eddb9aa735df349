/** Runs as the master's API and `run.json` show them (docs/api.md). */

export type RunState =
  "waiting" | "starting" | "running" | "stopping" | "finished" | "failed" | "cancelled" | "interrupted";

/** Nothing follows these. */
const OVER: readonly RunState[] = ["finished", "failed", "cancelled", "interrupted"];

export function isOver({ state }: Pick<RunSummary, "state">): boolean {
  return OVER.includes(state);
}

/** Figures of a stretch of time; response times are null without requests. */
export interface Figures {
  readonly requests: number;
  readonly failures: number;
  readonly fail_ratio: number;
  readonly rps: number;
  readonly failures_per_s: number;
  readonly avg_ms: number | null;
  readonly min_ms: number | null;
  readonly max_ms: number | null;
  readonly p50_ms: number | null;
  readonly p90_ms: number | null;
  readonly p95_ms: number | null;
  readonly p99_ms: number | null;
  readonly p99_9_ms: number | null;
}

export interface RequestFigures extends Figures {
  readonly method: string;
  readonly name: string;
}

/** The last ten seconds. */
export interface Now {
  readonly users: number;
  readonly rps: number;
  readonly failures_per_s: number;
  readonly p50_ms: number | null;
  readonly p95_ms: number | null;
  readonly p99_ms: number | null;
}

export interface Verdict {
  readonly expression: string;
  /** Null until it is judged. */
  readonly passed: boolean | null;
  readonly actual: number | null;
  readonly limit: number;
  readonly unit: "ms" | "ratio" | "per_s" | "count";
  /** Step in which response times are counted. */
  readonly resolution_ms: number | null;
  readonly message: string;
}

/** A run as it is listed. */
export interface RunSummary {
  readonly id: string;
  readonly name: string | null;
  readonly source: "api" | "page";
  readonly state: RunState;
  readonly reason: string | null;
  readonly created: string;
  readonly started: string | null;
  readonly ended: string | null;
  readonly shape: string | null;
  readonly labels: Readonly<Record<string, string>>;
  readonly progress: {
    readonly elapsed_s: number;
    readonly run_time_s: number | null;
    readonly phase: "waiting" | "warm_up" | "measuring" | "over";
  };
  readonly workers: { readonly connected: number; readonly expected: number };
  readonly now: Now | null;
  readonly total: Figures | null;
  /** True if the run finished and met every threshold and rule, false if it missed one. */
  readonly passed: boolean | null;
  readonly exceptions: number;
  /** What workers counted and the master could not take; missing in runs of an older agent. */
  readonly dropped_reports?: { readonly count: number; readonly last: string | null };
  /** Processes that went away while the run went on, in seconds since its start; missing in runs of an older agent. */
  readonly lost_workers?: {
    readonly count: number;
    readonly first_s: number | null;
    readonly back_s: number | null;
  };
  readonly cluster: string;
  readonly bundle: string;
}

export interface Run extends RunSummary {
  readonly request: RunSettings;
  readonly requests: readonly RequestFigures[];
  readonly verdicts: readonly Verdict[];
  readonly versions: Readonly<Record<string, string>>;
  readonly nodes: readonly { readonly name: string; readonly role: string }[];
}

/** The request with all defaults. Durations in seconds. */
export interface RunSettings {
  readonly host: string | null;
  readonly user_count: number | null;
  readonly spawn_rate: number | null;
  readonly run_time: number | null;
  readonly warm_up: number;
  readonly user_classes: readonly string[];
  readonly tags: readonly string[];
  /** Missing, like `args`, in runs of an older agent. */
  readonly exclude_tags?: readonly string[];
  /** Options that the test declares, without the values of secret ones. */
  readonly args?: readonly string[];
}

/** Body of `POST /cluster/runs`. The master reads and checks it. */
export type RunRequest = Readonly<Record<string, unknown>>;

export interface RunFile {
  readonly name: string;
  readonly bytes: number;
  readonly modified: string;
}

export interface RunList {
  /** The run that is not over. */
  readonly active: string | null;
  readonly runs: readonly RunSummary[];
}
