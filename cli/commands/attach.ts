import { commandLine } from "../../lib/command-line";
import { UserError } from "../../lib/user-error";
import { apiError, explainMaster } from "../runs/explain-master";
import { isRunId } from "../runs/folder";
import { findTarget, type Target, type TargetOptions } from "../runs/target";
import { watchRun, type WatchOptions } from "../runs/watch-run";
import { Terminal } from "../terminal";

export interface AttachOptions extends TargetOptions, WatchOptions {}

/** Watches a run of the master to its end; one that is over is reported at once. */
export async function attach(id: string | undefined, options: AttachOptions): Promise<number> {
  const target = await findTarget(options);
  const found = id ?? (await activeRun(target, "attach to"));
  await check(target, found);
  return watchRun(target, found, options, new Terminal());
}

/** The run that is under way. Throws when there is none. */
export async function activeRun(target: Target, verb: string): Promise<string> {
  const { active, runs } = await target.client.list().catch((error: unknown) => {
    throw explainMaster(error, target.label);
  });
  if (active !== null) return active;
  const last = runs[0]
    ? `the last run was ${runs[0].id}: see it with '${commandLine("show")}'`
    : `start one with '${commandLine("run")}'`;
  throw new UserError(`no run is under way on ${target.label}: there is nothing to ${verb}`, { hint: last });
}

/** A misspelt id is told at once, before the watch that forgives a lost connection. */
async function check(target: Target, id: string): Promise<void> {
  if (!isRunId(id)) throw new UserError(`'${id}' is not the id of a run, such as 20261121-110432-checkout`);
  try {
    await target.client.summary(id);
  } catch (error) {
    if (apiError(error)?.code === "run_not_found") {
      throw new UserError(`there is no run ${id} on ${target.label}`, {
        hint: `'${commandLine("runs")}' shows all`,
      });
    }
    throw explainMaster(error, target.label);
  }
}
