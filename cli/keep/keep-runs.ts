import { UserError } from "../../lib/user-error";
import { explainAwsError } from "../aws-errors";
import type { FetchedRun } from "../runs/fetch-run";
import { END_LIMIT_MS, endRun } from "../runs/end-run";
import { explainMaster } from "../runs/explain-master";
import { isOver } from "../runs/run-api";
import type { RunsClient } from "../runs/runs-client";
import { MasterSource } from "../runs/source";
import { askMaster } from "./ask-master";
import { awaitArrival } from "./await-arrival";
import { bringHome } from "./bring-home";
import type { Places } from "./places";

export interface Keeping {
  /** Name of the cluster. */
  readonly cluster: string;
  readonly places: Places;
  /** The master alone goes, and comes again: a run under way is not touched, and the cluster's own bucket stays. */
  readonly replacing: boolean;
  readonly signal: AbortSignal;
  readonly tell: (line: string) => void;
}

/** Sees to it that every run is at home, or in a bucket that stays. Gives those at home; throws one sentence otherwise. */
export async function keepRuns(keeping: Keeping): Promise<readonly FetchedRun[]> {
  const { cluster, places, replacing, signal, tell } = keeping;
  const { master, own, results } = places;
  const onMaster = await settledRuns(keeping);
  const leaving = replacing ? [] : await idsIn(own.ids());
  const staying = [...(replacing ? [own] : []), ...(results ? [results] : [])];
  const rest = onMaster.filter((id) => !leaving.includes(id));
  const lacking =
    staying.length === 0 ? rest : await awaitArrival({ ids: rest, buckets: staying, signal, tell });

  const source = master && new MasterSource("master", master);
  const kept: FetchedRun[] = [];
  for (const id of [...leaving, ...lacking].sort()) {
    const from = source && onMaster.includes(id) ? source : own;
    kept.push(await bringHome({ id, cluster, source: from, signal, tell }));
  }
  return kept;
}

/** The runs on the master, none of them under way any more; none when it is out of reach. */
async function settledRuns(keeping: Keeping): Promise<readonly string[]> {
  const { cluster, places, tell } = keeping;
  const { master } = places;
  const answer = master
    ? await askMaster(master, `cluster '${cluster}'`)
    : "its secret is gone from the bucket";
  if (typeof answer === "string") {
    tell(
      `warning: the master of cluster '${cluster}' does not answer (${answer}): ` +
        "what it has not copied to the bucket, the last seconds of a run at most, may be lost",
    );
    return [];
  }
  if (master && answer.active !== null) await settle(answer.active, master, keeping);
  return answer.runs.map(({ id }) => id);
}

async function settle(id: string, master: RunsClient, { cluster, replacing, tell }: Keeping): Promise<void> {
  if (replacing) {
    throw new UserError(`run ${id} is under way on cluster '${cluster}', and this would stop its master`, {
      hint: "wait for its end, or end it with 'npx locust-cluster stop'; then deploy again",
    });
  }
  tell(`stopping run ${id}, which is under way …`);
  const run = await endRun(master, id).catch((error: unknown) => {
    throw explainMaster(error, `cluster '${cluster}'`);
  });
  if (!isOver(run)) {
    const why = run.reason === null ? "" : `: ${run.reason}`;
    throw new UserError(`run ${id} is still ${run.state} after ${END_LIMIT_MS / 1000} s${why}`);
  }
}

function idsIn(ids: Promise<readonly string[]>): Promise<readonly string[]> {
  return ids.catch((error: unknown) => {
    throw explainAwsError(error, "the runs in the cluster's bucket could not be listed");
  });
}
