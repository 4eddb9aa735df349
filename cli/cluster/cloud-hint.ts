import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { projectRoot } from "../../lib/model/project";

/**
 * Whether a cluster may have been deployed from here: a state lies here, or cluster.yaml names a bucket for it or for its runs.
 *
 * Reading the configuration properly takes longer than listing the runs of this clone; this is right wherever it says no.
 */
export function mayBeDeployed(env: NodeJS.ProcessEnv = process.env): boolean {
  const root = projectRoot();
  if (readdirSync(root).some((file) => /^terraform\..+\.tfstate$/.test(file))) return true;
  if (env["LOCUST_CLUSTER_STATE_BUCKET"] || env["LOCUST_CLUSTER_RESULTS_BUCKET"]) return true;
  const file = resolve(env["LOCUST_CLUSTER_CONFIG"] ?? join(root, "cluster.yaml"));
  return existsSync(file) && /^[^#\n]*\bbucket\b/m.test(readFileSync(file, "utf8"));
}
