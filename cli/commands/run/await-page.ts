import { setTimeout as sleep } from "node:timers/promises";
import { isPassing } from "../../../test-runs/master/explain-master";
import type { ChosenCluster } from "../../cluster/chosen-cluster";
import { runningCluster } from "../../local/running-cluster";
import type { Terminal } from "../../terminal/terminal";

const INTERVAL_MS = 250;
/** As long as a local cluster has for its start, and the time of Python's imports. */
const LIMIT_MS = 90_000;

/** Waits for the page of a local cluster that is just starting. Other reasons for silence are reported later. */
export async function awaitPage(cluster: ChosenCluster, terminal: Pick<Terminal, "line">): Promise<void> {
  if (cluster.kind !== "local") return;
  const supervisor = runningCluster()?.pid;
  const end = Date.now() + LIMIT_MS;
  for (let attempt = 0; Date.now() < end; attempt++) {
    try {
      await cluster.client.health();
      return;
    } catch (error) {
      if (!isPassing(error) || runningCluster()?.pid !== supervisor) return;
      if (attempt === 0) terminal.line(`${cluster.label} is starting; the run begins when it is ready …`);
    }
    await sleep(INTERVAL_MS);
  }
}
