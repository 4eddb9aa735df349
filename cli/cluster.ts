import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Cluster } from "../lib/config";
import type { ClusterOutputs } from "../lib/outputs";
import { projectRoot } from "../lib/project";
import { UserError } from "../lib/user-error";
import { MasterClient } from "./master-client";
import { terraform, type Finished } from "./terraform";

/** Outputs of the cluster that cluster.yaml names. */
export async function readOutputs({ config }: Cluster): Promise<ClusterOutputs> {
  const root = projectRoot();
  // A local state that is not there says so at once; only a state in S3 has to be asked.
  if (!config.state.bucket && !existsSync(join(root, `terraform.${config.name}.tfstate`)))
    throw new NoClusterError(config.name, 0);
  const stack = join(root, "cdktf.out", "stacks", config.name);
  if (!existsSync(join(stack, "cdk.tf.json"))) await synthesize(root);
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
  if (!outputs["master_url"]) return undefined;
  return Object.fromEntries(
    Object.entries(outputs).map(([key, { value }]) => [key, value]),
  ) as unknown as ClusterOutputs;
}

export function masterClient(outputs: ClusterOutputs): MasterClient {
  return new MasterClient({
    url: outputs.master_url,
    token: outputs.api_token,
    certificate: outputs.certificate,
  });
}

async function readState(stack: string): Promise<Finished> {
  const first = await terraform(["output", "-json"], stack);
  if (first.code === 0) return first;
  // A fresh clone, or one whose backend changed, is not initialized yet.
  const init = await terraform(["init", "-input=false", "-no-color"], stack);
  const second = init.code === 0 ? await terraform(["output", "-json"], stack) : init;
  if (second.code === 0) return second;
  throw new UserError(`the state of the cluster could not be read: ${lastError(second.stderr)}`);
}

/** main.ts, compiled: ten times as fast as through ts-node. */
async function synthesize(root: string): Promise<void> {
  try {
    await promisify(execFile)(process.execPath, [join(root, "dist", "main.js")], { cwd: root });
  } catch (error) {
    throw new UserError(
      `synthesis failed: ${lastError((error as { stderr?: string }).stderr ?? String(error))}`,
    );
  }
}

function lastError(stderr: string): string {
  const lines = stderr.split("\n").map((line) => line.replace(/^[│╷╵\s]+/, "").trim());
  return lines.find((line) => line.startsWith("Error:")) ?? lines.filter(Boolean).at(-1) ?? "no reason given";
}

async function countResources(stack: string): Promise<number> {
  const { stdout } = await terraform(["state", "list"], stack);
  return stdout.split("\n").filter((line) => line !== "" && !/(^|\.)data\./.test(line)).length;
}

/** There is no cluster, or one that nothing can be asked of: what is left of it must not be forgotten. */
export class NoClusterError extends UserError {
  constructor(
    name: string,
    /** Number of resources that the state still holds. */
    readonly left: number,
  ) {
    const none = `no cluster '${name}' found in ${projectRoot()}`;
    const half = `cluster '${name}' is not complete: a deploy or destroy is under way or ended early, and ${left} of its resources are left, which may cost money`;
    const hint =
      left === 0
        ? "deploy one with 'npx locust-cluster deploy'"
        : "remove them with 'npx locust-cluster destroy', or complete it with 'npx locust-cluster deploy'";
    super(left === 0 ? none : half, { hint });
  }
}
