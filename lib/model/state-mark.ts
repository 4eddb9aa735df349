import { createHash } from "node:crypto";
import type { Config } from "./config";

/** The `terraform_data` in a local state whose id names that state (lib/constructs/identity.ts). */
export const IDENTITY = "identity_state";

/** Key of the state within `state.bucket`. The region is part of it: the same name in another region is another cluster. */
export function stateKey({ name, region }: Pick<Config, "name" | "region">): string {
  return `locust-cluster/${region}/${name}.tfstate`;
}

/** Where a state in S3 lies, which no other has; nothing for a local state, whose folder may move. */
export function stateLocation(config: Pick<Config, "name" | "region" | "state">): string | undefined {
  return config.state.bucket === undefined ? undefined : `s3://${config.state.bucket}/${stateKey(config)}`;
}

/**
 * Value of the tag STATE_TAG for a local state.
 *
 * Clusters of several people may have one name in one account. By this tag, what a killed Terraform has created and not yet
 * written down is found again, and nobody else's.
 */
export function localMark(identity: string): string {
  return `local:${identity}`;
}

/**
 * How the name of the cluster's bucket begins: a bucket gets its tags a moment after it was made, its name at once.
 *
 * With the longest name of a cluster, 24 characters, it has 34; Terraform adds 26 to at most 37.
 */
export function bucketPrefix(cluster: string, mark: string): string {
  return `${cluster}-${markDigits(mark)}-`;
}

/** Of a mark's SHA-256, in the names of bucket and fleets. */
export function markDigits(mark: string): string {
  return createHash("sha256").update(mark).digest("hex").slice(0, MARK_DIGITS);
}

/** Ids of the constructs that make the machines' roles; with the cluster's name, how the names of the roles begin. */
export const MACHINE_ROLES = { master: "master-role", worker: "worker-role" } as const;

/** How the names of a cluster's roles and instance profiles begin. */
export function rolePrefixes(cluster: string): string[] {
  return Object.values(MACHINE_ROLES).map((role) => rolePrefix(cluster, role));
}

export function rolePrefix(cluster: string, role: string): string {
  return `${cluster}-${role}-`;
}

/** Number of them. */
export const MARK_DIGITS = 8;
