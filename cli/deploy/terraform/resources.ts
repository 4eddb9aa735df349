import { UserError } from "../../../lib/model/user-error";
import { lastError, terraform } from "./terraform";

/** Addresses of the resources that the state of a stack holds. A state that cannot be read is not an empty one. */
export async function listResources(stack: string): Promise<readonly string[]> {
  const { code, stdout, stderr } = await terraform(["state", "list"], stack);
  if (code !== 0 && !stderr.includes("No state file was found")) throw unreadableState(stderr);
  return stdout.split("\n").filter((line) => line !== "" && !/(^|\.)data\./.test(line));
}

/** One sentence, from what Terraform says on stderr. */
export function unreadableState(stderr: string): UserError {
  return new UserError(`the state of the cluster could not be read: ${lastError(stderr)}`);
}

/**
 * Whether all of a cluster is there: what comes last at a deploy, and goes first at a destroy, is
 * (lib/constructs/results.ts). Never for one with 'results.keepOnDestroy: false', which has no such resource.
 */
export function isWhole(addresses: readonly string[]): boolean {
  return addresses.some((address) => /(^|\.)terraform_data\.(\w+_)?results_home$/.test(address));
}
