import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import { commandLine } from "../../../lib/model/command-line";
import { oneLine } from "../../../lib/model/one-line";
import { UserError } from "../../../lib/model/user-error";
import { END_LIMIT_MS, endRun } from "../../../test-runs/master/end-run";
import { apiError, explainMaster, isPassing } from "../../../test-runs/master/explain-master";
import { MasterUnreachableError } from "../../../test-runs/master/master-errors";
import type { RunsClient } from "../../../test-runs/master/runs-client";
import { isOver } from "../../../test-runs/run/run-api";
import { isRunId } from "../../../test-runs/sources/folder";

/** From the last renewal on: Terraform needs a minute or two until the master is gone. */
const SECONDS = 900;
const RENEW_MS = 300_000;

/** Lets no run begin on a master while its runs are saved, nor until Terraform has taken it away (docs/api.md). */
export class MasterHold {
  private timer: NodeJS.Timeout | undefined;
  /** The master has granted it: it was there. */
  private granted = false;

  constructor(
    private readonly master: RunsClient,
    private readonly reason: string,
  ) {}

  get isTaken(): boolean {
    return this.granted;
  }

  /** Takes or renews it, and goes on renewing. A master of an older version knows no holds. */
  async take(): Promise<void> {
    try {
      await this.master.hold(this.reason, SECONDS);
    } catch (error) {
      if (apiError(error)?.code !== "not_found") throw error;
      return;
    }
    this.granted = true;
    this.timer ??= setInterval(() => {
      this.renew().catch(() => undefined);
    }, RENEW_MS).unref();
  }

  /** Stops renewing: it runs out by itself when nothing is destroyed after all. */
  async leave(): Promise<void> {
    clearInterval(this.timer);
    if (this.isTaken) await this.renew().catch(() => undefined);
  }

  /** Lets runs begin again. A master that does not answer now comes to it by itself. */
  async lift(): Promise<void> {
    clearInterval(this.timer);
    if (this.isTaken) await this.master.liftHold().catch(() => undefined);
  }

  private renew(): Promise<unknown> {
    return this.master.hold(this.reason, SECONDS);
  }
}

const TRIES = 3;
/** systemd starts a Locust that has ended after 2 s (boot/units.sh). */
const PAUSE_MS = 3000;

/** Nobody takes a connection there: no process, no machine, or no way through. */
const SILENT = ["ECONNREFUSED", "ECONNRESET", "EPIPE", "ETIMEDOUT", "EHOSTUNREACH", "ENETUNREACH"];

/** The master does not answer at all, again and again. */
export class MasterSilentError extends Error {
  override readonly name = "MasterSilentError";
}

/**
 * Asks a master that may just be starting.
 *
 * Throws MasterSilentError if the master is out of reach, perhaps stopped or broken for good. Throws a UserError if it is slow or
 * gives an unexpected answer: the user can fix that, and the master may have runs.
 */
async function askMaster<Answer>(
  ask: () => Promise<Answer>,
  cluster: string,
  pauseMs = PAUSE_MS,
): Promise<Answer> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await ask();
    } catch (error) {
      if (!isPassing(error)) throw explainMaster(error, `cluster '${cluster}'`);
      if (tries < TRIES) await sleep(pauseMs);
      else throw isSilent(error) ? new MasterSilentError(error.message) : notWell(error as Error, cluster);
    }
  }
}

function isSilent(error: unknown): error is MasterUnreachableError {
  if (!(error instanceof MasterUnreachableError)) return false;
  return SILENT.includes((error.cause as NodeJS.ErrnoException).code ?? "");
}

function notWell(error: Error, cluster: string): UserError {
  return new UserError(
    `the master of cluster '${cluster}' answers, but did not list its runs: ${error.message}`,
    {
      hint: `wait until '${commandLine("status")}' says that its page answers, or see '${commandLine("logs")}'`,
      cause: error,
    },
  );
}

/** Runs that somebody starts in spite of the hold, in the test's own code. */
const ROUNDS = 3;

/** What we rely on; anything else is no answer. */
const listing = z.object({
  active: z.string().refine(isRunId).nullable(),
  runs: z.array(z.object({ id: z.string().refine(isRunId) })),
});

interface SettledRunsOptions {
  readonly cluster: string;
  readonly hold: MasterHold;
  /** A run under way is left alone, and a reason to stop. */
  readonly replacing: boolean;
  readonly tell: (line: string) => void;
  /** @default 3000 */
  readonly pauseMs?: number;
}

/** The runs of a master that begins no more of them: none of them is under way. Throws as `askMaster` does. */
export async function settledRuns(
  master: RunsClient,
  asking: SettledRunsOptions,
): Promise<readonly string[]> {
  const { cluster, hold, replacing, tell, pauseMs } = asking;
  for (let round = 1; ; round += 1) {
    await askMaster(() => hold.take(), cluster, pauseMs);
    const { active, runs } = await list(master, cluster, pauseMs);
    if (active === null) return runs.map(({ id }) => id);
    if (replacing) throw underWay(active, cluster);
    if (round === ROUNDS) {
      throw new UserError(`new runs keep starting on cluster '${cluster}' (last: ${active})`, {
        hint: `does the test start itself? Stop it with '${commandLine("stop")}'`,
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
  return new UserError(
    `run ${id} is in progress on cluster '${cluster}'; this deploy would stop its master`,
    {
      hint: `wait for its end, or end it with '${commandLine("stop")}'; then deploy again`,
    },
  );
}
