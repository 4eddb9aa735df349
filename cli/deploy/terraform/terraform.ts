import { execFile } from "node:child_process";
import { UserError } from "../../../lib/model/user-error";
import { checkWorkspace, WORKSPACE } from "../../../lib/model/workspace";
import { withTerraformProfile } from "../credentials/terraform-variables";

/** The program that cdktf calls too: its variable names another one, such as `tofu`. */
export function terraformProgram(): string {
  return process.env["TERRAFORM_BINARY_NAME"] ?? "terraform";
}

export interface TerraformAnswer {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * The environment of every Terraform that we run: our credentials, no colours and no prompts, because we parse its output.
 *
 * @throws UserError when the user wants another workspace
 */
export async function terraformEnvironment(): Promise<NodeJS.ProcessEnv> {
  checkWorkspace();
  return {
    CHECKPOINT_DISABLE: "1",
    ...(await withTerraformProfile(process.env)),
    TF_IN_AUTOMATION: "1",
    TF_INPUT: "0",
    TF_CLI_ARGS: "",
    // Stronger than what 'terraform workspace select' leaves in the stack's folder.
    TF_WORKSPACE: WORKSPACE,
    NO_COLOR: "1",
  };
}

/** Runs Terraform to its end. Throws only when the program is missing. */
export async function terraform(
  args: readonly string[],
  directory: string,
  variables: Readonly<Record<string, string>> = {},
): Promise<TerraformAnswer> {
  const program = terraformProgram();
  const env = { ...(await terraformEnvironment()), ...variables };
  return new Promise((resolve, reject) => {
    execFile(program, args, { cwd: directory, env, maxBuffer: 64 * 1024 * 1024 }, (error, stdout, stderr) => {
      if (error?.code === "ENOENT") reject(terraformMissing(program));
      else resolve({ code: error ? Number(error.code ?? 1) : 0, stdout, stderr });
    });
  });
}

/** What Terraform says on stderr, in one line. */
export function lastError(stderr: string): string {
  const lines = stderr.split("\n").map((line) => line.replace(/^[│╷╵\s]+/, "").trim());
  return lines.find((line) => line.startsWith("Error:")) ?? lines.filter(Boolean).at(-1) ?? "no reason given";
}

function terraformMissing(program: string): UserError {
  return new UserError(`'${program}' was not found on the PATH`, {
    hint: "install Terraform 1.10 or newer: https://developer.hashicorp.com/terraform/install",
  });
}
