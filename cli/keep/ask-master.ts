import { setTimeout as sleep } from "node:timers/promises";
import { explainMaster, isPassing } from "../runs/explain-master";
import type { RunList } from "../runs/run-api";
import type { RunsClient } from "../runs/runs-client";

const TRIES = 2;
const PAUSE_MS = 2000;

/**
 * The runs of the master; a text that says why, when it is out of reach: it may be stopped or broken for good.
 *
 * Throws a sentence when it answers, but not with its runs: that can be mended, and runs may be there.
 */
export async function askMaster(master: RunsClient, label: string): Promise<RunList | string> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await master.list();
    } catch (error) {
      if (!isPassing(error)) throw explainMaster(error, label);
      if (tries === TRIES) return (error as Error).message;
      await sleep(PAUSE_MS);
    }
  }
}
