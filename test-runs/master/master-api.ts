/** Answers of the master's API, as docs/api.md describes them. */

/** `GET /cluster/health`, open to everyone. */
export interface Health {
  readonly status: string;
  readonly locust_state: string;
  readonly worker_count: number;
  /** Messages on the workers' port that were not understood. */
  readonly dropped_messages: number;
}

/** `GET /cluster/nodes`. */
export interface ClusterNodes {
  readonly cluster: string;
  readonly locust_state: string;
  /** Hash of the test and agent that the master runs. */
  readonly bundle: string;
  /** Worker processes that are connected. */
  readonly workers_connected: number;
  /** No run begins until then; a master of an older version knows no holds. */
  readonly hold?: { readonly reason: string; readonly until: string } | null;
  /** Where a run goes that names no host; a master of an older version does not say. */
  readonly target?: TestTarget;
  /** Users and time of a run that says nothing of them; a master of an older version does not say. */
  readonly load?: TestLoad;
  readonly nodes: readonly ClusterNode[];
}

export interface TestLoad {
  /** Name of the test's load shape. */
  readonly shape: string | null;
  /** Without a load shape, or with one that has `use_common_options`. */
  readonly takes_options: boolean;
  readonly user_count: number | null;
  readonly spawn_rate: number | null;
  /** Seconds. */
  readonly run_time: number | null;
}

export interface TestTarget {
  readonly hosts: readonly string[];
  /** Some HTTP users of the test have no host. */
  readonly missing: boolean;
}

export interface ClusterNode {
  readonly name: string;
  readonly role: "master" | "worker";
  readonly instance_id: string;
  readonly state: string;
  /** Hash of the test and agent that it runs; an older master does not say. */
  readonly bundle?: string;
  readonly processes: readonly WorkerProcess[];
  /** Worker processes that this machine should have; 0 for the master. */
  readonly expected_processes: number;
}

/** A process that has outlived its start and is still there. */
export function isThere({ state }: WorkerProcess): boolean {
  return state !== "missing" && state !== "starting";
}

export interface WorkerProcess {
  /** Locust's client id, `<hostname>_<uuid>`. */
  readonly id: string;
  readonly index: number;
  /** Number of the process on its machine. */
  readonly pid: number;
  readonly state: string;
  readonly user_count: number;
  readonly cpu_usage: number;
}
