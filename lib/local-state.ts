import { existsSync, readFileSync } from "node:fs";
import { UserError } from "./user-error";

interface State {
  readonly resources?: readonly unknown[];
  readonly outputs?: { readonly region?: { readonly value?: unknown } };
}

/**
 * Refuses to work on a cluster's local state with another region than the one it lives in.
 *
 * Terraform would look for every machine in the new region, find none, and forget them all: a destroy would report
 * success and leave them running.
 */
export function checkRegion(stateFile: string, region: string): void {
  if (!existsSync(stateFile)) return;
  const { resources = [], outputs } = JSON.parse(readFileSync(stateFile, "utf8")) as State;
  const home = outputs?.region?.value;
  if (resources.length === 0 || typeof home !== "string" || home === region) return;
  throw new UserError(`'region' is ${region}, but this cluster lives in ${home}`, {
    hint: `set it back to ${home} and destroy the cluster first, or give the new one another 'name'`,
  });
}
