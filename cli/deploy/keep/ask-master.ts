import { setTimeout as sleep } from "node:timers/promises";
import { commandLine } from "../../../lib/model/command-line";
import { UserError } from "../../../lib/model/user-error";
import { explainMaster, isPassing } from "../../../test-runs/master/explain-master";
import { MasterUnreachableError } from "../../../test-runs/master/master-errors";

const TRIES = 3;
/** systemd starts a Locust that has ended after 2 s (userdata/units.sh). */
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
export async function askMaster<Answer>(
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

export function notWell(error: Error, cluster: string): UserError {
  return new UserError(
    `the master of cluster '${cluster}' answers, but did not list its runs: ${error.message}`,
    {
      hint: `wait until '${commandLine("status")}' says that its page answers, or see '${commandLine("logs")}'`,
      cause: error,
    },
  );
}
