import { z } from "zod";
import { commandLine } from "../../../lib/model/command-line";
import { oneLine } from "../../../lib/model/one-line";
import { UserError } from "../../../lib/model/user-error";
import { END_LIMIT_MS, endRun } from "../../../test-runs/master/end-run";
import { explainMaster } from "../../../test-runs/master/explain-master";
import type { RunsClient } from "../../../test-runs/master/runs-client";
import { isOver } from "../../../test-runs/run/run-api";
import { isRunId } from "../../../test-runs/sources/folder";
import { askMaster, notWell } from "./ask-master";
import type { Hold } from "./hold";

/** Runs that somebody starts in spite of the hold, in the test's own code. */
const ROUNDS = 3;

/** What we rely on; anything else is no answer. */
const listing = z.object({
  active: z.string().refine(isRunId).nullable(),
  runs: z.array(z.object({ id: z.string().refine(isRunId) })),
});

export interface Asking {
  readonly cluster: string;
  readonly hold: Hold;
  /** A run under way is left alone, and a reason to stop. */
  readonly replacing: boolean;
  readonly tell: (line: string) => void;
  /** @default 3000 */
  readonly pauseMs?: number;
}

/** The runs of a master that begins no more of them: none of them is under way. Throws as `askMaster` does. */
export async function settledRuns(master: RunsClient, asking: Asking): Promise<readonly string[]> {
  const { cluster, hold, replacing, tell, pauseMs } = asking;
  for (let round = 1; ; round += 1) {
    await askMaster(() => hold.take(), cluster, pauseMs);
    const { active, runs } = await list(master, cluster, pauseMs);
    if (active === null) return runs.map(({ id }) => id);
    if (replacing) throw underWay(active, cluster);
    if (round === ROUNDS) {
      throw new UserError(`runs of cluster '${cluster}' begin again and again, the last is ${active}`, {
        hint: `does the test start itself? End it with '${commandLine("stop")}'`,
      });
    }
    tell(`stopping run ${active}, which is under way …`);
    await end(master, active, cluster);
  }
}

async function list(master: RunsClient, cluster: string, pauseMs?: number) {
  const answer = await askMaster(() => master.list(), cluster, pauseMs);
  const { data, error } = listing.safeParse(answer);
  if (data) return data;
  throw notWell(new Error(`GET /cluster/runs answered something else: ${error.issues[0]!.message}`), cluster);
}

async function end(master: RunsClient, id: string, cluster: string): Promise<void> {
  const run = await endRun(master, id, "the destroy of the cluster").catch((error: unknown) => {
    throw explainMaster(error, `cluster '${cluster}'`);
  });
  if (isOver(run)) return;
  const why = run.reason === null ? "" : `: ${oneLine(run.reason)}`;
  throw new UserError(`run ${id} is still ${run.state} after ${END_LIMIT_MS / 1000} s${why}`);
}

function underWay(id: string, cluster: string): UserError {
  return new UserError(`run ${id} is under way on cluster '${cluster}', and this would stop its master`, {
    hint: `wait for its end, or end it with '${commandLine("stop")}'; then deploy again`,
  });
}
