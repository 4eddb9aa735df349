import { explainAwsError } from "../../../aws/aws-errors";
import { UserError } from "../../../lib/model/user-error";
import type { FetchedRun } from "../../../test-runs/sources/fetch-run";
import { MasterSource } from "../../../test-runs/sources/source";
import { MasterSilentError } from "./ask-master";
import { awaitArrival } from "./await-arrival";
import { bringHome } from "./bring-home";
import { Hold } from "./hold";
import { judgeSilence } from "./judge-silence";
import { settledRuns } from "./master-runs";
import type { Places } from "./places";

export interface Keeping {
  /** Name of the cluster. */
  readonly cluster: string;
  readonly places: Places;
  /** The master alone goes, and comes again: a run under way is not touched, and the cluster's own bucket stays. */
  readonly replacing: boolean;
  readonly signal: AbortSignal;
  readonly tell: (line: string) => void;
  /** Between two tries at the master. @default 3000 */
  readonly pauseMs?: number;
}

/**
 * Makes sure that every run is under `runs/`, or in a bucket that stays. Returns those under `runs/`; otherwise throws one sentence.
 *
 * From here on the master begins no run: for some minutes more when this was successful, since it is about to go.
 */
export async function keepRuns(keeping: Keeping): Promise<readonly FetchedRun[]> {
  const { master } = keeping.places;
  if (!master) return save(keeping, await silent(keeping, "its secret is gone from the bucket"));
  const doing = keeping.replacing ? "the master is being replaced" : "the cluster is being destroyed";
  const hold = new Hold(master, `${doing}; its runs are being saved`);
  try {
    const kept = await save(keeping, await ask(keeping, hold));
    await hold.leave();
    return kept;
  } catch (error) {
    await hold.lift();
    throw error;
  }
}

/** The runs that the master has, all of them over; none when it is out of reach. */
async function ask(keeping: Keeping, hold: Hold): Promise<readonly string[]> {
  const { cluster, places, replacing, tell, pauseMs } = keeping;
  try {
    return await settledRuns(places.master!, { cluster, hold, replacing, tell, pauseMs });
  } catch (error) {
    if (!(error instanceof MasterSilentError)) throw error;
    if (!hold.isTaken) return silent(keeping, error.message);
    throw new UserError(`the master of cluster '${cluster}' stopped answering: ${error.message}`);
  }
}

async function silent(keeping: Keeping, why: string): Promise<readonly string[]> {
  const { cluster, places, tell } = keeping;
  const record = await places.witness.record().catch((error: unknown) => {
    throw explainAwsError(error, "the reports of the machines in the cluster's bucket could not be read");
  });
  const state = record && (await places.witness.state(record.instance_id));
  tell(judgeSilence({ cluster, why, record, state, now: Date.now() }));
  return [];
}

async function save(keeping: Keeping, onMaster: readonly string[]): Promise<readonly FetchedRun[]> {
  const { cluster, places, replacing, signal, tell } = keeping;
  const { master, own, results } = places;
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

function idsIn(ids: Promise<readonly string[]>): Promise<readonly string[]> {
  return ids.catch((error: unknown) => {
    throw explainAwsError(error, "the runs in the cluster's bucket could not be listed");
  });
}
