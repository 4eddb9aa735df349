import { setTimeout as sleep } from "node:timers/promises";
import { isPassing } from "../../../test-runs/master/explain-master";
import type { Target } from "../../cluster/chosen-cluster";
import { readState } from "../../local/running-cluster";
import type { Terminal } from "../../terminal/terminal";

const INTERVAL_MS = 250;
/** As long as a local cluster has for its start, and the time of Python's imports. */
const LIMIT_MS = 90_000;

/** Waits for the page of a local cluster that is just starting. Other reasons for silence are reported later. */
export async function awaitLocal(target: Target, terminal: Pick<Terminal, "line">): Promise<void> {
  if (target.kind !== "local") return;
  const supervisor = readState()?.pid;
  const end = Date.now() + LIMIT_MS;
  for (let attempt = 0; Date.now() < end; attempt++) {
    try {
      await target.client.health();
      return;
    } catch (error) {
      if (!isPassing(error) || readState()?.pid !== supervisor) return;
      if (attempt === 0) terminal.line(`${target.label} is starting; the run begins when it is ready …`);
    }
    await sleep(INTERVAL_MS);
  }
}
