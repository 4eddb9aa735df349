import { join } from "node:path";
import type { Config, Test } from "../../lib/model/config";
import type { NodeVariable } from "../../protocol/generated/constants";
import type { MasterClientOptions } from "../../test-runs/master/master-client";

/** Everything that is decided before the first process starts. */
export interface LocalPlan {
  /** Of this start: processes of other local clusters are told apart by it. */
  readonly id: string;
  /** Folder of the project. */
  readonly root: string;
  /** Folder of this package, with the agent. */
  readonly packageRoot: string;
  /** `.cache/local`: logs, state and working copies. */
  readonly folder: string;
  readonly config: Config;
  readonly test: Test;
  /** Options for Locust of this start, which are among `locust.extraArgs` in `config` too. */
  readonly locustArgs: readonly string[];
  readonly workers: number;
  /** Lets the command line in where the test brings a login of its own; nothing where nobody is asked. */
  readonly token: string | undefined;
  /** Address that is tested whatever the test says itself. */
  readonly host: string | undefined;
  readonly pagePort: number;
  /** Where workers join the master. */
  readonly workerPort: number;
  /** Port of the sample target, which the sample test asks for; nothing when a host was given. */
  readonly targetPort: number | undefined;
  /** Hash of the bundle, 20 hex digits. */
  readonly bundle: string;
}

/** The only address that a local cluster listens on. */
export const LOOPBACK = "127.0.0.1";

export function pageUrl({ pagePort }: Pick<LocalPlan, "pagePort">): string {
  return `http://${LOOPBACK}:${pagePort}`;
}

/** What a client of this cluster's master needs. */
export function masterClientOptions(plan: LocalPlan): MasterClientOptions {
  return { url: pageUrl(plan), clusterId: plan.id, token: plan.token, timeoutMs: 2000 };
}

/** The master's secret, for this user only. */
export function secretFile({ folder }: Pick<LocalPlan, "folder">): string {
  return join(folder, "master.json");
}

/** Address of the sample target. */
export function sampleUrl({ targetPort }: Pick<LocalPlan, "targetPort">): string | undefined {
  return targetPort === undefined ? undefined : `http://${LOOPBACK}:${targetPort}`;
}

/** Names of the Locust processes; each counts as a machine of its own. */
export function nodeNames({ workers }: Pick<LocalPlan, "workers">): string[] {
  return ["master", ...Array.from({ length: workers }, (_, index) => `worker-${index + 1}`)];
}

type Environment = Readonly<Partial<Record<NodeVariable | "CLUSTER_SAMPLE_TARGET" | "PYTHONPATH", string>>>;

/** The environment of one Locust process (agent/locust_cluster/common/settings.py). */
export function processEnvironment(plan: LocalPlan, node: string): Environment {
  const { root, packageRoot, folder, pagePort, workerPort } = plan;
  return {
    CLUSTER_NAME: "local",
    CLUSTER_ID: plan.id,
    CLUSTER_NODE: node,
    // As on a machine without a fleet, so that a locustfile may ask for both.
    CLUSTER_FLEET: "",
    CLUSTER_REGION: "",
    CLUSTER_ROLE: node === "master" ? "master" : "worker",
    CLUSTER_INSTANCE_ID: node,
    CLUSTER_PRIVATE_IP: LOOPBACK,
    CLUSTER_MASTER_HOST: LOOPBACK,
    CLUSTER_MASTER_PORT: String(workerPort),
    CLUSTER_STORE: `file://${encodeURI(join(folder, "store"))}`,
    CLUSTER_RELEASE: join(folder, "release"),
    CLUSTER_STATE_DIR: join(folder, "state", node),
    CLUSTER_RUN_DIR: processFolder(plan, node),
    CLUSTER_WORK_DIR: join(folder, "work"),
    CLUSTER_RUNS_DIR: join(root, "runs"),
    ...(plan.token && node === "master" ? { CLUSTER_SECRETS: secretFile(plan) } : {}),
    CLUSTER_PROCESSES: "1",
    CLUSTER_PROCESS: "1",
    CLUSTER_WEB_HOST: LOOPBACK,
    CLUSTER_WEB_PORT: String(pagePort),
    // The sample test asks for it; a test of the user's own has its own target.
    CLUSTER_SAMPLE_TARGET: sampleUrl(plan) ?? "",
    PYTHONPATH: join(packageRoot, "agent"),
  };
}

/** Where the process of a node tells how it is, in `process-1.json`. */
export function processFolder({ folder }: Pick<LocalPlan, "folder">, node: string): string {
  return join(folder, "run", node);
}
