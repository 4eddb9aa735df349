import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Cluster } from "../../../lib/model/config";
import { packageRoot } from "../../../lib/model/package-root";
import { projectRoot } from "../../../lib/model/project";
import { UserError } from "../../../lib/model/user-error";
import { exclusively } from "../../../locks/exclusive";
import { lastError, terraform, type TerraformAnswer } from "./terraform";

/**
 * Output folder of a cluster's synthesis, below the project's folder.
 *
 * One a cluster: cdktf empties its own of all stacks but the one that it works on. As deep as `cdktf.out`, so that paths
 * in the stack are the same, and a deploy with `npx cdktf` has nothing to change after one of ours.
 */
function outputFolder(cluster: string): string {
  return `cdktf.out.${cluster}`;
}

/** Folder in which Terraform runs for a cluster. */
export function stackFolderOf(cluster: string): string {
  return join(projectRoot(), outputFolder(cluster), "stacks", cluster);
}

/**
 * Writes the Terraform configuration that cluster.yaml describes: runs main.ts as `npx cdktf` does.
 *
 * @throws UserError with what the synthesis says
 */
export async function writeStack({ config, environment }: Cluster): Promise<string> {
  const root = projectRoot();
  const env = { ...process.env, ...environment, CDKTF_OUTDIR: outputFolder(config.name) };
  try {
    await promisify(execFile)(process.execPath, [join(packageRoot(), "bin", "synth.js")], { cwd: root, env });
  } catch (error) {
    const stderr = (error as { stderr?: string }).stderr?.trim() ?? "";
    throw new UserError(stderr || `synthesis failed: ${String(error)}`);
  }
  return stackFolderOf(config.name);
}

/**
 * `terraform init`, unless this folder was made ready for the same backend and providers before.
 *
 * @throws UserError if Terraform cannot
 */
export async function initialize(stack: string): Promise<void> {
  const stamp = stampOf(stack);
  const wanted = requirementsOf(stack);
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === wanted) return;
  const { code, stderr } = await init(stack);
  if (code !== 0) throw new UserError(`Terraform could not be initialized: ${lastError(stderr)}`);
  mkdirSync(join(stack, ".terraform"), { recursive: true });
  writeFileSync(stamp, wanted);
}

/** Makes ready again next time: what failed may have failed of a plugin that is gone. */
export function forgetInitialization(stack: string): void {
  rmSync(stampOf(stack), { force: true });
}

function stampOf(stack: string): string {
  return join(stack, ".terraform", "locust-cluster.stamp");
}

/** Plugins are kept where cdktf keeps them too: one alone has more than 600 MB. */
async function init(stack: string): Promise<TerraformAnswer> {
  const args = ["init", "-input=false", "-no-color"];
  if (process.env["TF_PLUGIN_CACHE_DIR"] || process.env["CDKTF_DISABLE_PLUGIN_CACHE_ENV"])
    return terraform(args, stack);
  const cache = join(homedir(), ".terraform.d", "plugin-cache");
  const variables = {
    TF_PLUGIN_CACHE_DIR: cache,
    TF_PLUGIN_CACHE_MAY_BREAK_DEPENDENCY_LOCK_FILE: "1",
  };
  mkdirSync(cache, { recursive: true });
  // Terraform's cache is not made for two at a time.
  return exclusively(`${cache}.lock`, () => terraform(args, stack, variables));
}

/** What `init` depends on: the backend, the providers, and where they come from. */
function requirementsOf(stack: string): string {
  const { terraform: block } = JSON.parse(readFileSync(join(stack, "cdk.tf.json"), "utf8")) as {
    terraform: unknown;
  };
  const origin = [process.env["TF_CLI_CONFIG_FILE"], process.env["TF_REATTACH_PROVIDERS"] !== undefined];
  return createHash("sha256")
    .update(JSON.stringify([block, origin]))
    .digest("hex");
}
