import { setTimeout as sleep } from "node:timers/promises";
import { explainAwsError } from "../../../aws/aws-errors";
import { isOver } from "../../../test-runs/run/run-api";
import type { RunsBucket } from "../../../test-runs/sources/bucket-source";

/** The master's agent copies a run within seconds of its end, and tries again half a minute after a failure. */
const LIMIT_MS = 45_000;
const PAUSE_MS = 2000;
const PARALLEL = 20;

export interface Arrival {
  readonly ids: readonly string[];
  /** Buckets that stay. */
  readonly buckets: readonly RunsBucket[];
  readonly signal: AbortSignal;
  readonly tell: (line: string) => void;
  /** @default 45000 */
  readonly limitMs?: number;
  /** @default 2000 */
  readonly pauseMs?: number;
}

/** Waits until these runs are complete in one of the buckets. Gives those that are not, after a while. */
export async function awaitArrival({
  ids,
  buckets,
  signal,
  tell,
  limitMs = LIMIT_MS,
  pauseMs = PAUSE_MS,
}: Arrival) {
  const deadline = Date.now() + limitMs;
  let missing = ids;
  for (let told = false; ;) {
    try {
      missing = await without(missing, buckets);
    } catch (error) {
      tell(explainAwsError(error, "a bucket that should hold the runs could not be read").message);
      return missing;
    }
    if (missing.length === 0 || Date.now() >= deadline) return missing;
    if (!told) tell(`waiting for the master to copy ${missing.join(", ")} to the bucket …`);
    told = true;
    await sleep(pauseMs, undefined, { signal });
  }
}

async function without(ids: readonly string[], buckets: readonly RunsBucket[]): Promise<string[]> {
  const missing: string[] = [];
  for (let start = 0; start < ids.length; start += PARALLEL) {
    const batch = ids.slice(start, start + PARALLEL);
    const found = await Promise.all(batch.map((id) => isComplete(id, buckets)));
    missing.push(...batch.filter((_, index) => !found[index]));
  }
  return missing;
}

/** run.json goes last: a run that is over there is complete there. */
async function isComplete(id: string, buckets: readonly RunsBucket[]): Promise<boolean> {
  const runs = await Promise.all(buckets.map((bucket) => bucket.find(id)));
  return runs.some((run) => run !== undefined && isOver(run));
}
