import { setTimeout as sleep } from "node:timers/promises";
import { holderOf } from "../../locks/exclusive";
import { Terminal } from "../terminal/terminal";
import { localLock, runningCluster, type RunningCluster } from "./running-cluster";

const INTERVAL_MS = 250;

/**
 * The local cluster of this folder; one that is just starting is waited for, however long the packages of its first start
 * take. Nothing when there is none, or when the start has failed.
 */
export async function awaitLocalCluster(
  terminal: Pick<Terminal, "line"> = new Terminal(),
): Promise<RunningCluster | undefined> {
  for (let told = false; ; told = true) {
    const state = runningCluster();
    if (state) return state;
    if (holderOf(localLock()) === undefined) return undefined;
    if (!told) terminal.line("a local cluster is just starting or ending: waiting for it …");
    await sleep(INTERVAL_MS);
  }
}
