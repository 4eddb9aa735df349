import { commandLine } from "../../lib/model/command-line";
import type { ClusterOutputs } from "../../lib/model/outputs";
import { UserError } from "../../lib/model/user-error";
import { LOCAL } from "../../test-runs/master/explain-master";
import { RunsClient } from "../../test-runs/master/runs-client";
import { cloudClient } from "../machines/cloud-client";
import { awaitLocalCluster } from "../local/await-local-cluster";
import { runningCluster, type RunningCluster } from "../local/running-cluster";

/* oxlint-disable typescript/no-require-imports -- reading the config and the outputs takes longer than a local cluster needs */

/** `--local` and `--cloud`, which commands that act on a cluster have. */
export interface ClusterChoice {
  /** @default false */
  readonly local?: boolean;
  /** @default false */
  readonly cloud?: boolean;
}

/** The cluster that a command is about. */
export interface ChosenCluster {
  readonly kind: "local" | "cloud";
  /** For sentences: `the local cluster`, `cluster 'locust'`. */
  readonly label: string;
  readonly url: string;
  readonly client: RunsClient;
  /** Of a cloud cluster. */
  readonly outputs?: ClusterOutputs;
  /** Of a local cluster. */
  readonly local?: RunningCluster;
}

/** The cluster that a command acts on. Throws if there is none, or if there are two and no option chooses one. */
export async function findCluster(options: ClusterChoice): Promise<ChosenCluster> {
  const local = options.cloud ? undefined : await awaitLocalCluster();
  if (options.local) {
    if (local) return openLocalCluster(local);
    throw noLocalCluster();
  }
  const cloud = await readCloud({ required: !local });
  const kind = chooseKind({ local: local !== undefined, cloud: cloud?.cluster_name });
  return kind === "local" ? openLocalCluster(local!) : openCloudCluster(cloud!);
}

/**
 * The deployed cluster, for a command that has no use for a local one.
 *
 * @param elsewhere error for a local cluster that the user chose, or that is the only one
 * @throws UserError if there is none, or the chosen one is local
 */
export async function findDeployed(
  options: ClusterChoice,
  elsewhere: (local: RunningCluster) => UserError,
): Promise<ClusterOutputs> {
  const local = options.cloud ? undefined : runningCluster();
  if (options.local) throw local ? elsewhere(local) : noLocalCluster();
  const outputs = await readCloud({ required: !local, complete: true });
  if (outputs) return outputs;
  throw elsewhere(local!);
}

/**
 * With both a local and a cloud cluster a guess would be wrong half of the time, and would aim a load test at the
 * wrong system or stop the wrong run.
 *
 * @throws UserError if both are there and no option chose one
 */
export function chooseKind(found: {
  readonly local: boolean;
  readonly cloud: string | undefined;
}): ChosenCluster["kind"] {
  if (found.local && found.cloud !== undefined) {
    throw new UserError(`a local cluster is running, and cluster '${found.cloud}' is deployed`, {
      hint: "choose one with --local or --cloud",
    });
  }
  return found.local ? "local" : "cloud";
}

export function openLocalCluster(local: RunningCluster): ChosenCluster {
  const { url, token, id: clusterId } = local;
  return { kind: "local", label: LOCAL, url, client: new RunsClient({ url, token, clusterId }), local };
}

export function openCloudCluster(outputs: ClusterOutputs): ChosenCluster {
  const { cluster_name, master_url: url } = outputs;
  return { kind: "cloud", label: `cluster '${cluster_name}'`, url, client: cloudClient(outputs), outputs };
}

interface CloudNeeds {
  /** That there is no cluster is thrown. */
  readonly required: boolean;
  /** That only a part of one is left is thrown. @default - as `required` */
  readonly complete?: boolean;
}

/** Outputs of the deployed cluster; nothing when there is none. A state that cannot be read is thrown. */
export async function readCloud(needs: CloudNeeds): Promise<ClusterOutputs | undefined> {
  const { required, complete = required } = needs;
  const { loadCluster } = require("../../lib/model/config") as typeof import("../../lib/model/config");
  const { readOutputs, NoClusterError } =
    require("../deploy/deployed-cluster") as typeof import("../deploy/deployed-cluster");
  try {
    return await readOutputs(loadCluster());
  } catch (error) {
    if (!(error instanceof NoClusterError)) throw error;
    if (error.left > 0 ? complete : required) throw error.left === 0 ? noCluster(error) : error;
    return undefined;
  }
}

export function noLocalCluster(): UserError {
  return new UserError("no local cluster is running", {
    hint: `start one in another terminal with '${commandLine("local")}'`,
  });
}

function noCluster(error: UserError): UserError {
  // A local cluster is running, but the user chose the deployed one.
  if (runningCluster()) return error;
  return new UserError(`${error.message}, and no local cluster is running`, {
    hint: `start one with '${commandLine("local")}' in another terminal, or '${commandLine("deploy")}' on EC2`,
    cause: error,
  });
}
