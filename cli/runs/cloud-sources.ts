import { loadCluster } from "../../lib/config";
import { MasterSource, type RunSource } from "./source";
import { readCloud, toCloudTarget } from "./target";

/* oxlint-disable typescript/no-require-imports -- the AWS SDK takes long to load, and may not be needed */

/**
 * The places of the deployed cluster that cluster.yaml names: its master, then the buckets.
 *
 * The bucket of `results.bucket` outlives the cluster, and so is a place without one.
 */
export async function cloudSources({ required }: { required: boolean }): Promise<readonly RunSource[]> {
  const { name: cluster, region, results } = loadCluster().config;
  const outputs = await readCloud({ required: required && results.bucket === undefined });
  if (!outputs && results.bucket === undefined) return [];
  const buckets = require("./bucket-source") as typeof import("./bucket-source");
  if (!outputs) return [buckets.resultsSource(results.bucket!, { region, cluster })];
  return [new MasterSource("master", toCloudTarget(outputs).client), ...buckets.bucketSources(outputs)];
}
