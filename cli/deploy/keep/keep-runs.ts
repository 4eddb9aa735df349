import { explainAwsError } from "../../../aws/aws-errors";
import { UserError } from "../../../lib/model/user-error";
import { MASTER_FILE_KEY } from "../../../protocol/generated/constants";
import { RunsClient } from "../../../test-runs/master/runs-client";
import { BucketSource, resultsSource, type RunsBucket } from "../../../test-runs/sources/bucket-source";
import type { FetchedRun } from "../../../test-runs/sources/fetch-run";
import { MasterSource } from "../../../test-runs/sources/source";
import { BucketStore } from "../push/bucket-store";
import { MasterHold, MasterSilentError, settledRuns } from "./master-runs";
import { awaitCopies, saveRun } from "./save-runs";
import { AwsLastReports, judgeSilentMaster, type LastReports } from "./silent-master";

/** What Terraform's state knows of a cluster that is about to lose its machines. */
export interface KeptCluster {
  readonly cluster: string;
  readonly region: string;
  /** The cluster's own bucket. */
  readonly bucket: string;
  /** Page and API of the master. */
  readonly master: string;
  /** EC2's id of the master; empty in the state of an older deploy. */
  readonly instance: string;
  /** Bucket of `results.bucket`; empty without one. */
  readonly results: string;
}

/** Where the runs of a cluster are. */
interface RunPlaces {
  /** Nothing when the secret that opens it is gone. */
  readonly master?: RunsClient;
  /** The cluster's own bucket. */
  readonly own: RunsBucket;
  /** The bucket that outlives it. */
  readonly results?: RunsBucket;
  readonly reports: LastReports;
}

/**
 * The token comes from the bucket, by the rights of who destroys: so it stands neither in a command nor in a state.
 *
 * @returns undefined when the cluster's own bucket is gone already, and with it all that it held
 */
export async function openPlaces({
  cluster,
  region,
  bucket,
  master,
  instance,
  results,
}: KeptCluster): Promise<RunPlaces | undefined> {
  const store = new BucketStore(bucket, region);
  try {
    const secret = await store.get(MASTER_FILE_KEY).catch(orAbsent);
    if (secret === "NoSuchBucket") return undefined;
    const { token, certificate } =
      secret === "NoSuchKey"
        ? { token: undefined, certificate: null }
        : (JSON.parse(secret.content) as { readonly token: string; readonly certificate: string | null });
    return {
      master:
        token === undefined
          ? undefined
          : new RunsClient({ url: master, token, certificate: certificate ?? "", timeoutMs: 10_000 }),
      own: new BucketSource({ bucket, region }),
      reports: new AwsLastReports({ bucket, region, instance }),
      results: results ? resultsSource(results, { region, cluster }) : undefined,
    };
  } finally {
    store.close();
  }
}

export function closePlaces({ master, own, results }: RunPlaces): void {
  for (const place of [master, own, results]) place?.close();
}

/** S3's code for a missing object; any other code is a real error. */
function orAbsent(error: unknown): "NoSuchBucket" | "NoSuchKey" {
  const name = (error as { cause?: { name?: string } }).cause?.name;
  if (name === "NoSuchBucket" || name === "NoSuchKey") return name;
  throw error;
}

interface KeepRunsOptions {
  /** Name of the cluster. */
  readonly cluster: string;
  readonly places: RunPlaces;
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
export async function keepRuns(keeping: KeepRunsOptions): Promise<readonly FetchedRun[]> {
  const { master } = keeping.places;
  if (!master) return save(keeping, await silent(keeping, "its secret is gone from the bucket"));
  const doing = keeping.replacing ? "the master is being replaced" : "the cluster is being destroyed";
  const hold = new MasterHold(master, `${doing}; its runs are being saved`);
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
async function ask(keeping: KeepRunsOptions, hold: MasterHold): Promise<readonly string[]> {
  const { cluster, places, replacing, tell, pauseMs } = keeping;
  try {
    return await settledRuns(places.master!, { cluster, hold, replacing, tell, pauseMs });
  } catch (error) {
    if (!(error instanceof MasterSilentError)) throw error;
    if (!hold.isTaken) return silent(keeping, error.message);
    throw new UserError(`the master of cluster '${cluster}' stopped answering: ${error.message}`);
  }
}

async function silent(keeping: KeepRunsOptions, why: string): Promise<readonly string[]> {
  const { cluster, places, tell } = keeping;
  const record = await places.reports.record().catch((error: unknown) => {
    throw explainAwsError(error, "the reports of the machines in the cluster's bucket could not be read");
  });
  const state = record && (await places.reports.state(record.instance_id));
  tell(judgeSilentMaster({ cluster, why, record, state, now: Date.now() }));
  return [];
}

async function save(keeping: KeepRunsOptions, onMaster: readonly string[]): Promise<readonly FetchedRun[]> {
  const { cluster, places, replacing, signal, tell } = keeping;
  const { master, own, results } = places;
  const leaving = replacing ? [] : await idsIn(own.ids());
  const staying = [...(replacing ? [own] : []), ...(results ? [results] : [])];
  const rest = onMaster.filter((id) => !leaving.includes(id));
  const lacking =
    staying.length === 0 ? rest : await awaitCopies({ ids: rest, buckets: staying, signal, tell });

  const source = master && new MasterSource("master", master);
  const kept: FetchedRun[] = [];
  for (const id of [...leaving, ...lacking].sort()) {
    const from = source && onMaster.includes(id) ? source : own;
    kept.push(await saveRun({ id, cluster, source: from, signal, tell }));
  }
  return kept;
}

function idsIn(ids: Promise<readonly string[]>): Promise<readonly string[]> {
  return ids.catch((error: unknown) => {
    throw explainAwsError(error, "the runs in the cluster's bucket could not be listed");
  });
}
