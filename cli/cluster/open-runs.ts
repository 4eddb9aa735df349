import { UserError } from "../../lib/model/user-error";
import { AllRuns } from "../../test-runs/catalogue/all-runs";
import { MasterSource, type RunSource } from "../../test-runs/sources/source";
import { runningCluster } from "../local/running-cluster";
import { mayBeDeployed } from "./cloud-hint";
import type { ClusterChoice } from "./chosen-cluster";

/* oxlint-disable typescript/no-require-imports -- what talks to a cluster is loaded where there may be one: a list of what is here appears at once */

/** All runs that can be found from here: in `runs/`, on the masters, and in the bucket. */
export async function openRuns(options: ClusterChoice): Promise<AllRuns> {
  const sources: RunSource[] = [];
  const unknown: UserError[] = [];
  const local = options.cloud ? undefined : runningCluster();
  const mayBeCloud = !options.local && (options.cloud === true || mayBeDeployed());
  if (local) {
    const { openLocalCluster } = require("./chosen-cluster") as typeof import("./chosen-cluster");
    sources.push(new MasterSource("local", openLocalCluster(local).client));
  }
  if (mayBeCloud) {
    const { cloudSources } = require("./cloud-sources") as typeof import("./cloud-sources");
    const found = cloudSources({ required: options.cloud === true }).catch((error: unknown) => {
      // Show what is here, and say that something may be missing.
      if (options.cloud || !(error instanceof UserError)) throw error;
      unknown.push(error);
      return [];
    });
    sources.push(...(await found));
  }
  return new AllRuns(sources, unknown);
}
