import { commandLine } from "../../lib/model/command-line";
import { UserError } from "../../lib/model/user-error";
import { apiError, explainMaster } from "../../test-runs/master/explain-master";

/** Fleets are machines of AWS. */
export function noFleetsHere(): UserError {
  return new UserError("a local cluster has no fleets: its workers are set with 'local --workers'", {
    hint: `deploy a cluster with fleets to EC2 with '${commandLine("deploy")}'`,
  });
}

/** One sentence for what a master says about its fleets. */
export function explainFleets(error: unknown, cluster: string): unknown {
  if (apiError(error)?.code !== "not_found") return explainMaster(error, cluster);
  return new UserError(`the master of ${cluster} runs an older version, which knows no fleets`, {
    hint: `bring it up to date with '${commandLine("deploy")}'`,
    cause: error,
  });
}
