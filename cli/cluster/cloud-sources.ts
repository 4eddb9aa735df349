import { loadCluster } from "../../lib/model/config";
import { MasterSource, type RunSource } from "../../test-runs/sources/source";
import { readCloud, openCloudCluster } from "./chosen-cluster";

/* oxlint-disable typescript/no-require-imports -- the AWS SDK takes long to load, and may not be needed */

/**
 * The places of the deployed cluster that cluster.yaml names: its master, then the buckets.
 *
 * The bucket of `results.bucket` outlives the cluster, and so is a place without one.
 *
 * Throws if the runs cannot be located: a required cluster does not exist, or its remains have no outputs.
 */
export async function cloudSources({ required }: { required: boolean }): Promise<readonly RunSource[]> {
  const { name: cluster, region, results } = loadCluster().config;
  const mustTell = results.bucket === undefined;
  const outputs = await readCloud({ required: required && mustTell, complete: mustTell });
  if (!outputs && results.bucket === undefined) return [];
  const buckets =
    require("../../test-runs/sources/bucket-source") as typeof import("../../test-runs/sources/bucket-source");
  if (!outputs) return [buckets.resultsSource(results.bucket!, { region, cluster })];
  return [new MasterSource("master", openCloudCluster(outputs).client), ...buckets.bucketSources(outputs)];
}
