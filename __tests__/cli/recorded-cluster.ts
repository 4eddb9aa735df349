import { toProgress, type ClusterProgress } from "../../cli/machines/cluster-progress";
import type { NodeRecord } from "../../cli/machines/ledger";
import { toMembers } from "../../cli/machines/members";
import type { ClusterOutputs, NodeOutput } from "../../lib/model/outputs";
import type { ClusterNodes } from "../../test-runs/master/master-api";

/** A cluster as outputs, ledger and master describe it; a test changes what it is about. */

export function node(name: string, more: Partial<NodeOutput> = {}): NodeOutput {
  return {
    name,
    role: name === "master" ? "master" : "worker",
    instance_id: `i-${name}`,
    instance_type: "c7g.large",
    private_ip: "10.77.0.4",
    public_ip: "127.0.0.9",
    ...more,
  };
}

const SECONDS: Record<string, number> = {
  identity: 0.1,
  store: 1.2,
  bundle: 0.3,
  timers: 0.4,
  environment: 2.31,
  system: 0.2,
  secret: 0.1,
  units: 0.5,
};

export function record(name: string, more: Partial<NodeRecord> = {}): NodeRecord {
  const steps = Object.entries(SECONDS)
    .filter(([step]) => step !== "secret" || name === "master")
    .map(([step, seconds]) => ({ name: step, seconds }));
  return {
    schema: 1,
    instance_id: `i-${name}`,
    name,
    role: name === "master" ? "master" : "worker",
    state: "ready",
    stage: "running",
    time: "2026-11-21T10:00:00Z",
    steps,
    processes: name === "master" ? 0 : 2,
    failure: null,
    ...more,
  };
}

/** A machine that is still at a boot step: the steps before it are done. */
export function bootingAt(stage: string, name: string): NodeRecord {
  const names = Object.keys(SECONDS);
  const done = names.slice(0, names.indexOf(stage)).map((step) => ({ name: step, seconds: SECONDS[step]! }));
  return record(name, { state: "booting", stage, steps: done });
}

/** What the master answers: connected processes by machine. */
export function answer(
  connected: Readonly<Record<string, number>>,
  expected = 2,
  pids: Readonly<Record<string, number>> = {},
): ClusterNodes {
  const nodes = Object.entries(connected).map(([name, count]) => ({
    ...MACHINE,
    name,
    role: "worker" as const,
    instance_id: `i-${name}`,
    state: count >= expected ? ("ready" as const) : ("degraded" as const),
    expected_processes: expected,
    processes: Array.from({ length: count }, (_, index) => ({
      id: `${name}_${index}`,
      index: index + 1,
      pid: pids[name] ?? 100,
      state: "ready",
      user_count: 0,
      cpu_usage: 0,
    })),
  }));
  const master = {
    ...MACHINE,
    name: "master",
    role: "master" as const,
    instance_id: "i-master",
    state: "ready" as const,
    expected_processes: 0,
    processes: [],
  };
  return {
    cluster: "locust",
    locust_state: "ready",
    bundle: "0".repeat(20),
    workers_connected: Object.values(connected).reduce((sum, count) => sum + count, 0),
    dropped_messages: { count: 0, last: null },
    nodes: [master, ...nodes],
  };
}

const MACHINE = {
  instance_type: "c7g.large",
  hostname: "ip-10-77-0-20",
  private_ip: "10.77.0.20",
  environment: "e".repeat(20),
  versions: { locust: "2.47.0" },
};

/** The progress of a cluster of which EC2 misses no machine. */
export function progressOf(
  expected: readonly NodeOutput[],
  records: readonly NodeRecord[],
  answer: ClusterNodes | undefined,
  masterProblem?: string,
): ClusterProgress {
  const members = toMembers({ expected, records, answer, gone: new Set(), region: "us-east-1" });
  return toProgress(members, { answer, masterProblem });
}

export const OUTPUTS: ClusterOutputs = {
  cluster_name: "locust",
  region: "us-east-1",
  master_url: "http://127.0.0.9:8089",
  master_public_ip: "127.0.0.9",
  master_private_ip: "10.77.0.4",
  worker_public_ips: ["127.0.0.10"],
  nodes: [node("master"), node("worker-1")],
  ssh_command: "npx locust-cluster ssh master",
  ssh_user: "admin",
  private_key: "-----BEGIN RSA PRIVATE KEY-----\nnone\n-----END RSA PRIVATE KEY-----\n",
  web_username: "locust",
  web_password: "correct-horse",
  api_token: "token",
  certificate: "",
  bucket: "locust-1234",
  results_bucket: "",
  next_step: "npx locust-cluster status --wait",
};
