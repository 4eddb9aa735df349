import { setTimeout as sleep } from "node:timers/promises";
import { EXIT } from "../exit-codes";
import { explainMaster } from "../runs/explain-master";
import { isOver } from "../runs/run-api";
import { findTarget, type TargetOptions } from "../runs/target";
import { Terminal } from "../terminal";
import { activeRun } from "./attach";

/** Locust gives its users up to a minute. */
const LIMIT_MS = 90_000;

export interface StopOptions extends TargetOptions {
  readonly json?: boolean;
}

/** Ends the run that is under way, and waits until it is over. */
export async function stop(options: StopOptions): Promise<number> {
  const terminal = new Terminal();
  const target = await findTarget(options);
  const { client } = target;
  const id = await activeRun(target, "stop");
  try {
    let run = await client.stop(id);
    const deadline = Date.now() + LIMIT_MS;
    terminal.line(`stopping run ${id} …`);
    while (!isOver(run) && Date.now() < deadline) {
      await sleep(500);
      run = await client.run(id);
    }
    if (options.json) process.stdout.write(`${JSON.stringify(run, null, 2)}\n`);
    if (!isOver(run)) {
      terminal.line(terminal.paint("red", `run ${id} is still ${run.state} after ${LIMIT_MS / 1000} s`));
      return EXIT.failed;
    }
    terminal.line(`run ${id} ${run.state}${run.reason ? `: ${run.reason}` : ""}`);
    terminal.line(`see it with 'npx locust-cluster show ${id}'`);
    return EXIT.ok;
  } catch (error) {
    throw explainMaster(error, target.label);
  } finally {
    client.close();
  }
}
