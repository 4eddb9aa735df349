import { commandLine } from "../../../lib/model/command-line";
import { shortHash } from "../../../test-runs/formats/format";
import type { ChosenCluster } from "../../cluster/chosen-cluster";
import type { Terminal } from "../../terminal/terminal";

/* oxlint-disable typescript/no-require-imports -- the config and its zod are needed once the master has answered */

/**
 * Says that the machines run another test than this folder's: nobody wants to measure yesterday's by mistake. Where
 * either is not known there is nothing to say; what keeps the master from answering, the request for the run tells.
 */
export async function warnOfOldTest(cluster: ChosenCluster, terminal: Pick<Terminal, "warn">): Promise<void> {
  const told = await cluster.client.nodes().catch(() => undefined);
  if (!told?.bundle) return;
  const here = hashHere(cluster);
  if (here === undefined || here === told.bundle) return;
  terminal.warn(
    `${cluster.label} has test ${shortHash(told.bundle)}, not the one in this folder; send it with '${commandLine("push")}'`,
  );
}

/** The run needs no settings: whatever is wrong with them does not keep it from starting. */
function hashHere({ local }: ChosenCluster): string | undefined {
  const { clusterHere, testHere } =
    require("../../cluster/test-here") as typeof import("../../cluster/test-here");
  try {
    return testHere(clusterHere(local));
  } catch {
    return undefined;
  }
}
