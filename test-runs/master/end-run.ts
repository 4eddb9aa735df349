import { setTimeout as sleep } from "node:timers/promises";
import { isOver, type Run, type RunSummary } from "../run/run-api";
import type { RunsClient } from "./runs-client";

/** Locust gives its users up to a minute. */
export const END_LIMIT_MS = 90_000;

/**
 * Stops a run and waits for its end. Returns the run, which is not over if the time was too short.
 *
 * @param by who ends it, for its reason: `'locust-cluster stop'`
 */
export async function endRun(client: RunsClient, id: string, by: string): Promise<Run> {
  const deadline = Date.now() + END_LIMIT_MS;
  let run: RunSummary = await client.stop(id, by);
  while (!isOver(run) && Date.now() < deadline) {
    await sleep(500);
    run = await client.summary(id);
  }
  return client.run(id);
}
