import { LEDGER_EVERY_S } from "../../protocol/generated/constants";
import type { NodeRecord } from "./ledger";

/**
 * A master's agent renews `uploaded` every 2 s while copying works (LOOK_EVERY_S of agent/locust_cluster/service/upload.py),
 * and a look that copies takes some seconds more: copies that are older than one report and the next have stopped.
 */
const STALE_S = LEDGER_EVERY_S;

/** Why the runs of a master did not all get to the bucket when it reported; undefined when they did. Pure. */
export function copyTrouble({
  time,
  uploads,
  uploaded,
}: Pick<NodeRecord, "time" | "uploads" | "uploaded">): string | undefined {
  if (!uploads) return undefined;
  if (uploads.error !== null) return uploads.error;
  if (!uploaded) return undefined;
  const lag = (Date.parse(time) - Date.parse(uploaded)) / 1000;
  return lag <= STALE_S ? undefined : `no copy since ${uploaded}`;
}
