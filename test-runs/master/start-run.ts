import type { RunRequest } from "../../protocol/generated/api";
import type { Run } from "../run/run-api";
import { explainMaster } from "./explain-master";
import { MasterTimeoutError, MasterUnreachableError } from "./master-errors";
import type { RunsClient } from "./runs-client";

/** The master to ask, and its name in messages. */
interface AskedMaster {
  readonly label: string;
  readonly client: RunsClient;
}

/** Clocks of laptop and master may differ by so much. */
const CLOCK_SLACK_MS = 60_000;

/** Asks the master for a run. Throws one sentence when it refuses. */
export async function startRun(master: AskedMaster, request: RunRequest): Promise<Run> {
  const asked = Date.now();
  try {
    return await master.client.start(request);
  } catch (error) {
    const run = mayHaveArrived(error) ? await findStarted(master, request, asked) : undefined;
    if (run) return run;
    throw explainMaster(error, master.label);
  }
}

/** The request may have reached the master although no answer came back. */
function mayHaveArrived(error: unknown): boolean {
  if (error instanceof MasterTimeoutError) return true;
  const code =
    error instanceof MasterUnreachableError ? (error.cause as NodeJS.ErrnoException).code : undefined;
  return code === "ECONNRESET" || code === "EPIPE";
}

/** A run that began just now with our name is the one that we requested; a second request would be refused. */
async function findStarted(
  master: AskedMaster,
  request: RunRequest,
  asked: number,
): Promise<Run | undefined> {
  try {
    const { active } = await master.client.list();
    if (active === null) return undefined;
    const run = await master.client.run(active);
    const isOurs = run.name === (request.name ?? null) && Date.parse(run.created) > asked - CLOCK_SLACK_MS;
    return isOurs ? run : undefined;
  } catch {
    return undefined;
  }
}
