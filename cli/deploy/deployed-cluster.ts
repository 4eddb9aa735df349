import { existsSync } from "node:fs";
import { join } from "node:path";
import { commandLine } from "../../lib/model/command-line";
import type { Cluster } from "../../lib/model/config";
import { readStateFile } from "../../lib/model/terraform-state-file";
import { OUTPUT_NAMES, type ClusterOutputs } from "../../lib/model/outputs";
import { projectRoot } from "../../lib/model/project";
import { UserError } from "../../lib/model/user-error";
import { plural } from "../../test-runs/formats/format";
import { isWhole, listResources, unreadableState } from "./terraform/resources";
import { forgetInitialization, initialize, stackFolderOf, writeStack } from "./terraform/stack";
import { terraform, type TerraformAnswer } from "./terraform/terraform";
import { findRunning } from "./terraform/terraform-record";
import { describeRunning } from "./terraform/terraform-run";

/**
 * Outputs of the cluster that cluster.yaml names.
 *
 * @throws NoClusterError if there is none, or a part of one; UserError if the state cannot be read
 */
export async function readOutputs(cluster: Cluster): Promise<ClusterOutputs> {
  const { config } = cluster;
  const root = projectRoot();
  // A local state that is not there says so at once; only a state in S3 has to be asked.
  if (!config.state.bucket && !existsSync(join(root, `terraform.${config.name}.tfstate`)))
    throw new NoClusterError(config.name, []);
  if (!config.state.bucket) readStateFile(join(root, `terraform.${config.name}.tfstate`));
  const stack = stackFolderOf(config.name);
  if (!existsSync(join(stack, "cdk.tf.json"))) await writeStack(cluster);
  const { stdout } = await terraformOutput(stack);
  const outputs = parseOutputs(stdout);
  if (!outputs) throw new NoClusterError(config.name, await listResources(stack));
  return outputs;
}

/**
 * Reads what `terraform output -json` prints: `{"name": {"value": …}}`. Nothing without a cluster, or with half of one: a
 * destroy that fails has dropped the outputs already.
 */
export function parseOutputs(json: string): ClusterOutputs | undefined {
  const outputs = JSON.parse(json) as Record<string, { value: unknown }>;
  if (OUTPUT_NAMES.some((name) => outputs[name] === undefined)) return undefined;
  return Object.fromEntries(
    Object.entries(outputs).map(([key, { value }]) => [key, value]),
  ) as unknown as ClusterOutputs;
}

/** Outputs that a stack, initialized, has at this moment; nothing without a complete cluster. */
export async function presentOutputs(stack: string): Promise<ClusterOutputs | undefined> {
  const { code, stdout } = await terraform(["output", "-json"], stack);
  return code === 0 ? parseOutputs(stdout) : undefined;
}

/** Whether the cluster of a stack is there with all it has, even if a destroy that failed has dropped its outputs. */
export async function isStanding(stack: string): Promise<boolean> {
  return (await presentOutputs(stack)) !== undefined || isWhole(await listResources(stack));
}

async function terraformOutput(stack: string): Promise<TerraformAnswer> {
  const first = await terraform(["output", "-json"], stack);
  if (first.code === 0) return first;
  // A fresh clone, or one whose backend or plugins changed, is not initialized.
  forgetInitialization(stack);
  await initialize(stack);
  const second = await terraform(["output", "-json"], stack);
  if (second.code === 0) return second;
  throw unreadableState(second.stderr);
}

/** No cluster, or an incomplete one, whose remains must not be forgotten. */
export class NoClusterError extends UserError {
  /** Number of resources that the state still holds. */
  readonly left: number;

  /** @param addresses resources that the state still holds */
  constructor(name: string, addresses: readonly string[]) {
    const [message, hint] = describeAbsence(name, addresses);
    super(message, { hint });
    this.left = addresses.length;
  }
}

/** What exists instead of a cluster, and what to do about it. */
function describeAbsence(name: string, addresses: readonly string[]): [message: string, hint: string] {
  const running = findRunning(name);
  if (running)
    return [
      describeRunning(name, running),
      `'${commandLine(running.command)}' shows it and waits for its end`,
    ];
  const [deploy, destroy] = [commandLine("deploy"), commandLine("destroy")];
  if (addresses.length === 0)
    return [`no cluster '${name}' found in ${projectRoot()}`, `deploy one with '${deploy}'`];
  if (isWhole(addresses))
    return [
      `cluster '${name}' has all its resources but no outputs: a destroy failed before it removed anything`,
      `bring them back with '${deploy}', or remove it with '${destroy}'`,
    ];
  return [
    `cluster '${name}' is incomplete: ${plural(addresses.length, "resource")} ${addresses.length === 1 ? "remains" : "remain"} and may cost money`,
    `complete it with '${deploy}', or remove it with '${destroy}', unless one of them is under way elsewhere`,
  ];
}
