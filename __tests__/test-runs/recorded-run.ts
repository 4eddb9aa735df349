import type {
  Figures,
  FleetFigures,
  Interruption,
  RequestFigures,
  Verdict,
} from "../../protocol/generated/api";
import type { Run } from "../../test-runs/run/run-api";

/** A run as the master shows it; a test changes what it is about. */

export function figures(more: Partial<Figures> = {}): Figures {
  return {
    requests: 1200,
    failures: 0,
    fail_ratio: 0,
    rps: 40,
    failures_per_s: 0,
    avg_ms: 90,
    min_ms: 20,
    max_ms: 900,
    p50_ms: 80,
    p90_ms: 150,
    p95_ms: 210,
    p99_ms: 500,
    p99_9_ms: 800,
    ...more,
  };
}

export function request(name: string, more: Partial<Figures> = {}): RequestFigures {
  return { method: "GET", name, ...figures(more) };
}

/** Of a run that is over. */
export function fleet(region: string, users_max: number, more: Partial<Figures> = {}): FleetFigures {
  return { region, users_max, now: null, total: figures(more) };
}

/** Two fleets and the machines beside them; the target of one is out of reach for a user now and then. */
export const FLEETS: Readonly<Record<string, FleetFigures>> = {
  eu: fleet("eu-central-1", 300, { requests: 720, rps: 24, p95_ms: 180 }),
  us: fleet("us-east-1", 150, { requests: 360, rps: 12, failures: 9, fail_ratio: 0.025, p99_ms: null }),
  workers: fleet("us-east-1", 50, { requests: 120, rps: 4 }),
};

/** A machine that AWS took back. */
export function interruption(more: Partial<Interruption> = {}): Interruption {
  return {
    node: "eu-1",
    instance_id: "i-0abc",
    fleet: "eu",
    cause: "spot",
    time: "2026-11-21T11:04:45.000Z",
    elapsed_s: 12.3,
    ends: null,
    ...more,
  };
}

export function verdict(expression: string, passed: boolean | null, message = "as measured"): Verdict {
  return { expression, passed, actual: 210, limit: 300, unit: "ms", resolution_ms: 1, message };
}

export function run(more: Partial<Run> = {}): Run {
  return {
    id: "20261121-110432-checkout",
    name: "checkout",
    source: "api",
    state: "finished",
    reason: "its run time is over",
    created: "2026-11-21T11:04:32.120Z",
    started: "2026-11-21T11:04:33.000Z",
    ended: "2026-11-21T11:05:03.000Z",
    shape: null,
    labels: {},
    progress: { elapsed_s: 30, run_time_s: 30, phase: "over" },
    workers: { connected: 4, expected: 4 },
    now: null,
    total: figures(),
    passed: true,
    exceptions: 0,
    cluster: "locust",
    bundle: "0f3c0f3c0f3c0f3c0f3c",
    request: {
      name: "checkout",
      host: "https://shop.example",
      user_count: 500,
      spawn_rate: 50,
      run_time: 30,
      warm_up: 0,
      user_classes: [],
      tags: [],
      thresholds: [],
      expect_workers: null,
      wait_timeout: 120,
      labels: {},
    },
    requests: [request("/checkout")],
    verdicts: [verdict("p95 < 300ms", true, "210 ms, below 300 ms")],
    versions: { locust: "2.47.0" },
    nodes: [],
    ...more,
  };
}

/** While it lasts. */
export function running(more: Partial<Run> = {}): Run {
  return run({
    state: "running",
    reason: null,
    passed: null,
    ended: null,
    progress: { elapsed_s: 15, run_time_s: 30, phase: "measuring" },
    now: { users: 500, rps: 1234.56, failures_per_s: 0, p50_ms: 80, p95_ms: 210, p99_ms: 400 },
    ...more,
  });
}
