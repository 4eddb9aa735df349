import { TerraformOutput, Token, type TerraformStack } from "cdktf";
import { masterUrl, type ClusterResources } from "./cluster-resources";
import { IMAGE_USER } from "./constructs/machine-image";
import { commandLine } from "./model/command-line";
import type { Cluster } from "./model/config";
import type { ClusterOutputs, NodeOutput } from "./model/outputs";

const SENSITIVE: readonly (keyof ClusterOutputs)[] = ["private_key", "web_password", "api_token"];

/** Declares the outputs on the stack itself, where they keep their names. */
export function addOutputs(stack: TerraformStack, cluster: Cluster, resources: ClusterResources): void {
  for (const [name, value] of Object.entries(outputValues(cluster, resources))) {
    const sensitive = SENSITIVE.includes(name as keyof ClusterOutputs) ? true : undefined;
    new TerraformOutput(stack, name, { value, sensitive });
  }
}

function outputValues(cluster: Cluster, resources: ClusterResources): Record<keyof ClusterOutputs, string> {
  const { access, certificate, store, master, workers } = resources;
  const { name, region, access: settings } = cluster.config;
  const hasPassword = settings.login === "generated";
  return {
    cluster_name: name,
    region,
    master_url: masterUrl(cluster, master),
    master_public_ip: master.publicIp,
    master_private_ip: master.privateIp,
    worker_public_ips: `\${${workers.list(toExpression(workers.output.public_ip))}}`,
    nodes: `\${concat([${toObject(master.output)}], ${workers.list(toObject(workers.output))})}`,
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

/** An object in Terraform's language; the values may refer to resources. */
function toObject(node: NodeOutput): string {
  const fields = Object.entries(node).map(([name, value]) => `${name} = ${toExpression(value as string)}`);
  return `{ ${fields.join(", ")} }`;
}

/** CDKTF writes a token within an expression as a reference; any other text may hold `${…}` in its quotes. */
function toExpression(text: string): string {
  return Token.isUnresolved(text) ? text : `"${text}"`;
}

/** As the user must type it in the project's folder. */
function command({ environment }: Cluster, words: string): string {
  return commandLine(words, environment);
}
