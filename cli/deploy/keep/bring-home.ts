import { explainAwsError } from "../../../aws/aws-errors";
import { shortPath } from "../../../lib/model/short-path";
import { UserError } from "../../../lib/model/user-error";
import { formatBytes, plural } from "../../../test-runs/formats/format";
import { explainMaster } from "../../../test-runs/master/explain-master";
import { isOver } from "../../../test-runs/run/run-api";
import { fetchRun, type FetchedRun } from "../../../test-runs/sources/fetch-run";
import { readLocalRun, runFolder } from "../../../test-runs/sources/folder";
import type { RunSource } from "../../../test-runs/sources/source";
import { closeUnfinished } from "./close-unfinished";

export interface Homecoming {
  readonly id: string;
  /** Name of the cluster. */
  readonly cluster: string;
  readonly source: RunSource;
  readonly signal: AbortSignal;
  readonly tell: (line: string) => void;
}

/** Fetches a run to `runs/`, or throws one sentence. Also fetches what exists of a run that never ended. */
export async function bringHome({ id, cluster, source, signal, tell }: Homecoming): Promise<FetchedRun> {
  checkStranger(id, cluster);
  const fetched = await fetchRun(id, {
    source,
    signal,
    onRetry: ({ message }) => {
      tell(`run ${id}: ${message}; trying again …`);
    },
  }).catch((error: unknown) => {
    if (error instanceof UserError || signal.aborted) throw error;
    if (source.name === "bucket") throw explainAwsError(error, `run ${id} could not be read from the bucket`);
    throw explainMaster(error, `cluster '${cluster}'`);
  });
  const folder = shortPath(fetched.folder);
  const size = `${plural(fetched.files, "file")}, ${formatBytes(fetched.bytes)}`;
  if (!fetched.wasHere) tell(`run ${id} fetched from the ${source.name}: ${folder} (${size})`);
  const run = readLocalRun(id);
  if (!run) tell(`run ${id} has no run.json: ${folder} has its other files`);
  else if (!isOver(run)) {
    closeUnfinished(run);
    tell(`run ${id} had not ended when it was last copied: its end may be missing`);
  }
  return fetched;
}

/** Ids have the second and the name, so two clusters of one clone can have the same id. */
function checkStranger(id: string, cluster: string): void {
  const here = readLocalRun(id);
  if (!here || here.cluster === cluster) return;
  throw new UserError(
    `${shortPath(runFolder(id))} holds a run of cluster '${here.cluster}' with the same id`,
    {
      hint: "move that folder out of runs/",
    },
  );
}
