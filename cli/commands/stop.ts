import type { Command } from "commander";
import { commandLine } from "../../lib/model/command-line";
import { END_LIMIT_MS, endRun } from "../../test-runs/master/end-run";
import { explainMaster } from "../../test-runs/master/explain-master";
import { isOver } from "../../test-runs/run/run-api";
import { whatHappened } from "../../test-runs/run/what-happened";
import { findCluster, type ClusterChoice } from "../cluster/chosen-cluster";
import { EXIT } from "../terminal/exit-codes";
import { printJson } from "../terminal/output";
import { outcomeOf } from "../terminal/runs/outcome";
import { Terminal } from "../terminal/terminal";
import { requireActiveRun } from "./attach";
import type { CommandResult } from "./definition/command-result";
import { examples, whichCluster, withJson, type JsonOption } from "./definition/options";

interface StopOptions extends ClusterChoice, JsonOption {}

/** Options and action of `locust-cluster stop`. */
export function define(command: Command, result: CommandResult): void {
  examples(withJson(whichCluster(command)), [
    "npx locust-cluster stop",
    "npx locust-cluster stop --json",
  ]).action(async (options: StopOptions) => {
    result.code = await stop(options);
  });
}

/** Ends the run that is under way, and waits until it is over. */
export async function stop(options: StopOptions): Promise<number> {
  const terminal = new Terminal();
  const cluster = await findCluster(options);
  const { client } = cluster;
  const id = await requireActiveRun(cluster, "stop");
  try {
    terminal.line(`stopping run ${id} …`);
    const run = await endRun(client, id, "'locust-cluster stop'");
    if (options.json) printJson(run);
    if (!isOver(run)) {
      terminal.line(terminal.paint("red", `run ${id} is still ${run.state} after ${END_LIMIT_MS / 1000} s`));
      return EXIT.failed;
    }
    const happened = whatHappened(run);
    terminal.line(`run ${id} ${outcomeOf(run).word}${happened ? `: ${happened}` : ""}`);
    terminal.line(`see it with '${commandLine(`show ${id}`)}'`);
    return EXIT.ok;
  } catch (error) {
    throw explainMaster(error, cluster.label);
  } finally {
    client.close();
  }
}
