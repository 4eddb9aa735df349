import { accessSync, constants, mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { explainSystemError } from "../../lib/model/system-errors";
import { UserError } from "../../lib/model/user-error";
import { EXIT } from "../terminal/exit-codes";
import { print, printJson } from "../terminal/output";
import { howToAttach } from "./run/follow";
import { awaitLocal } from "./run/await-local";
import { describeLoad } from "../../test-runs/formats/describe-load";
import { toRunRequest, type LoadOptions } from "../../test-runs/run/run-request";
import { startRun } from "../../test-runs/master/start-run";
import { findTarget, type TargetOptions } from "../cluster/target";
import { warnOfOldTest } from "./run/warn-old-test";
import { watchRun } from "./run/watch-run";
import { Terminal } from "../terminal/terminal";

export interface RunOptions extends LoadOptions, TargetOptions {
  readonly detach?: boolean;
  readonly junit?: string;
  readonly summary?: string;
  readonly json?: boolean;
}

/** Starts a run, `args` being options that the test declares, and, unless detached, watches it to its end. */
export async function run(
  userClasses: readonly string[],
  args: readonly string[],
  options: RunOptions,
): Promise<number> {
  const terminal = new Terminal();
  const request = toRunRequest(options, userClasses, args);
  // A file that cannot be written is told before an hour of load, not after.
  for (const file of [options.junit, options.summary]) if (file) checkWritable(file);
  const target = await findTarget(options);
  await awaitLocal(target, terminal);
  await warnOfOldTest(target, terminal);
  const started = await startRun(target, request);
  terminal.line(`run ${terminal.paint("bold", started.id)} on ${target.label}: ${describeLoad(started)}`);
  if (!options.detach) return watchRun(target, started.id, options, terminal);
  target.client.close();
  if (options.json) printJson(started);
  else print(started.id);
  terminal.line(howToAttach(started.id));
  return EXIT.ok;
}

function checkWritable(file: string): void {
  try {
    mkdirSync(dirname(file), { recursive: true });
    accessSync(dirname(file), constants.W_OK);
  } catch (error) {
    throw (
      explainSystemError(error) ??
      new UserError(`${file} could not be written: ${(error as Error).message}`, { cause: error })
    );
  }
}
