import { existsSync } from "node:fs";
import { join } from "node:path";
import { commandLine } from "../lib/command-line";
import type { Cluster } from "../lib/config";
import { readLocalState } from "../lib/local-state";
import { OUTPUT_NAMES, type ClusterOutputs } from "../lib/outputs";
import { projectRoot } from "../lib/project";
import { UserError } from "../lib/user-error";
import { forgetInitialization, initialize, stackFolder, synthesize } from "./stack";
import { lastError, terraform, type Finished } from "./terraform";
import { findRunning } from "./terraform-record";
import { describeRunning } from "./terraform-run";

/** Outputs of the cluster that cluster.yaml names. */
export async function readOutputs(cluster: Cluster): Promise<ClusterOutputs> {
  const { config } = cluster;
  const root = projectRoot();
  // A local state that is not there says so at once; only a state in S3 has to be asked.
  if (!config.state.bucket && !existsSync(join(root, `terraform.${config.name}.tfstate`)))
    throw new NoClusterError(config.name, 0);
  if (!config.state.bucket) readLocalState(join(root, `terraform.${config.name}.tfstate`));
  const stack = stackFolder(config.name);
  if (!existsSync(join(stack, "cdk.tf.json"))) await synthesize(cluster);
  const { stdout } = await readState(stack);
  const outputs = toOutputs(stdout);
  if (!outputs) throw new NoClusterError(config.name, await countResources(stack));
  return outputs;
}

/**
 * Reads what `terraform output -json` prints: `{"name": {"value": …}}`. Nothing without a cluster, or with half of one: a
 * destroy that fails has dropped the outputs already.
 */
export function toOutputs(json: string): ClusterOutputs | undefined {
  const outputs = JSON.parse(json) as Record<string, { value: unknown }>;
  if (OUTPUT_NAMES.some((name) => outputs[name] === undefined)) return undefined;
  return Object.fromEntries(
    Object.entries(outputs).map(([key, { value }]) => [key, value]),
  ) as unknown as ClusterOutputs;
}

async function readState(stack: string): Promise<Finished> {
  const first = await terraform(["output", "-json"], stack);
  if (first.code === 0) return first;
  // A fresh clone, or one whose backend or plugins changed, is not initialized.
  forgetInitialization(stack);
  await initialize(stack);
  const second = await terraform(["output", "-json"], stack);
  if (second.code === 0) return second;
  throw unreadableState(second.stderr);
}

/** One sentence, from what Terraform says on stderr. */
export function unreadableState(stderr: string): UserError {
  return new UserError(`the state of the cluster could not be read: ${lastError(stderr)}`);
}

/** Number of resources that the state of a stack holds. A state that cannot be read is not an empty one. */
export async function countResources(stack: string): Promise<number> {
  const { code, stdout, stderr } = await terraform(["state", "list"], stack);
  if (code !== 0 && !stderr.includes("No state file was found")) throw unreadableState(stderr);
  return stdout.split("\n").filter((line) => line !== "" && !/(^|\.)data\./.test(line)).length;
}

/** There is no cluster, or one that nothing can be asked of: what is left of it must not be forgotten. */
export class NoClusterError extends UserError {
  constructor(
    name: string,
    /** Number of resources that the state still holds. */
    readonly left: number,
  ) {
    const running = findRunning(name);
    if (running) {
      const said = describeRunning(name, running);
      super(said, { hint: `'${commandLine(running.command)}' shows it and waits for its end` });
      return;
    }
    const none = `no cluster '${name}' found in ${projectRoot()}`;
    const half = `cluster '${name}' is not complete: a deploy or destroy ended early, or is under way elsewhere, and ${left} of its resources are left, which may cost money`;
    const hint =
      left === 0
        ? `deploy one with '${commandLine("deploy")}'`
        : `remove them with '${commandLine("destroy")}', or complete it with '${commandLine("deploy")}'`;
    super(left === 0 ? none : half, { hint });
  }
}
