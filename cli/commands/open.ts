import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Command } from "commander";
import { commandLine } from "../../lib/model/command-line";
import { UserError } from "../../lib/model/user-error";
import { isOver } from "../../test-runs/run/run-api";
import { fetchRun } from "../../test-runs/sources/fetch-run";
import { REPORT_FILE, runFolder } from "../../test-runs/sources/folder";
import { openRuns } from "../cluster/open-runs";
import type { ClusterChoice } from "../cluster/chosen-cluster";
import { openInBrowser } from "../terminal/browser";
import { EXIT } from "../terminal/exit-codes";
import { interruptOnce } from "../terminal/interrupt";
import { print, printJson } from "../terminal/output";
import { Terminal } from "../terminal/terminal";
import type { CommandResult } from "./definition/command-result";
import { examples, whichCluster, withJson, type JsonOption } from "./definition/options";

interface OpenOptions extends ClusterChoice, JsonOption {}

/** Options and action of `locust-cluster open`. */
export function define(command: Command, result: CommandResult): void {
  examples(withJson(whichCluster(command)), ["npx locust-cluster open", "npx locust-cluster open last~1"])
    .argument("[run]", "id, a unique part of it, 'last' or 'last~1' (default: last)")
    .action(async (id: string | undefined, options: OpenOptions) => {
      result.code = await open(id, options);
    });
}

/**
 * Shows Locust's own report of a run in the browser; where there is none, prints its path.
 *
 * @throws UserError if there is no such run, or it has no report
 */
export async function open(id: string | undefined, options: OpenOptions): Promise<number> {
  const terminal = new Terminal();
  const all = await openRuns(options);
  const { signal, release } = interruptOnce();
  try {
    const { run, source } = await all.find(id);
    const report = join(runFolder(run.id), REPORT_FILE);
    if (!existsSync(report) && source && source.name !== "local") {
      terminal.line(`fetching run ${run.id} …`);
      await fetchRun(run.id, { source, signal });
    }
    if (!existsSync(report)) {
      const why = isOver(run) ? `it was ${run.state} before Locust could write one` : "it is not over yet";
      throw new UserError(`run ${run.id} has no report: ${why}`, {
        hint: `its figures: '${commandLine(`show ${run.id}`)}'`,
      });
    }
    const opened = await openInBrowser(report);
    if (options.json) printJson({ run: run.id, report, opened });
    else {
      print(report);
      if (!opened) terminal.line("no browser can be opened from here: open this file yourself");
    }
    return EXIT.ok;
  } catch (error) {
    if (signal.aborted) return EXIT.interrupted;
    throw error;
  } finally {
    release();
    all.close();
  }
}
