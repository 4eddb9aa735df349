import { TerraformOutput, type TerraformStack } from "cdktf";
import { CONFIG_VARIABLE, type Cluster } from "./config";
import type { Access } from "./constructs/access";
import type { Certificate } from "./constructs/certificate";
import type { LocustMaster } from "./constructs/locust-master";
import type { LocustWorkers } from "./constructs/locust-workers";
import { IMAGE_USER } from "./constructs/machine-image";
import type { Store } from "./constructs/store";
import type { ClusterOutputs } from "./outputs";

export interface OutputSources {
  readonly cluster: Cluster;
  readonly access: Access;
  readonly certificate?: Certificate;
  readonly store: Store;
  readonly master: LocustMaster;
  readonly workers: LocustWorkers;
}

const SENSITIVE: readonly (keyof ClusterOutputs)[] = ["private_key", "web_password", "api_token"];

/** Declares the outputs on the stack itself, where they keep their names. */
export function addOutputs(stack: TerraformStack, sources: OutputSources): void {
  for (const [name, value] of Object.entries(toOutputs(sources))) {
    const sensitive = SENSITIVE.includes(name as keyof ClusterOutputs) ? true : undefined;
    new TerraformOutput(stack, name, { value: value as unknown, sensitive });
  }
}

function toOutputs({ cluster, access, certificate, store, master, workers }: OutputSources): ClusterOutputs {
  const { name, region, access: settings } = cluster.config;
  const hasPassword = settings.login === "generated";
  return {
    cluster_name: name,
    region,
    master_url: masterUrl(cluster, master),
    master_public_ip: master.publicIp,
    master_private_ip: master.privateIp,
    worker_public_ips: workers.outputs.map((worker) => worker.public_ip),
    nodes: [master.output, ...workers.outputs],
    ssh_command: command(cluster, "ssh master"),
    ssh_user: IMAGE_USER,
    private_key: access.privateKey,
    web_username: hasPassword ? access.username : "",
    web_password: hasPassword ? access.password : "",
    api_token: access.token,
    certificate: certificate?.certificate ?? "",
    bucket: store.bucket.id,
    results_bucket: cluster.config.results.bucket ?? "",
    next_step: command(cluster, "status --wait"),
  };
}

/** Page and API of the master. */
export function masterUrl({ config }: Cluster, { publicIp }: LocustMaster): string {
  return `${config.access.https ? "https" : "http"}://${publicIp}:8089`;
}

/** As the user must type it in the project's folder. */
function command({ environment }: Cluster, words: string): string {
  const file = environment[CONFIG_VARIABLE];
  return `${file === undefined ? "" : `${CONFIG_VARIABLE}=${file} `}npx locust-cluster ${words}`;
}
