import { existsSync } from "node:fs";
import { join } from "node:path";
import { commandLine } from "../../../lib/model/command-line";
import { shortPath } from "../../../lib/model/short-path";
import { writeReports, type ReportOptions } from "../../../test-runs/formats/reports";
import { describeTroubles } from "../../../test-runs/formats/troubles";
import { isOver, type Run } from "../../../test-runs/run/run-api";
import { fetchRun } from "../../../test-runs/sources/fetch-run";
import { readLocalRun, REPORT_FILE, runFolder } from "../../../test-runs/sources/folder";
import { MasterSource } from "../../../test-runs/sources/source";
import type { ChosenCluster } from "../../cluster/chosen-cluster";
import { runningCluster } from "../../local/running-cluster";
import { EXIT } from "../../terminal/exit-codes";
import { interruptOnce } from "../../terminal/interrupt";
import { print, printJson } from "../../terminal/output";
import { outcomeOf } from "../../terminal/runs/outcome";
import { renderRun } from "../../terminal/runs/run-report";
import { outputTable, type Terminal } from "../../terminal/terminal";
import type { JsonOption } from "../definition/options";
import { followRun, howToAttach, RunLostError } from "./follow";

export interface WatchOptions extends ReportOptions, JsonOption {}

/** Watches a run to its end, fetches its files and reports the outcome. Returns the exit code. */
export async function watchRun(
  cluster: ChosenCluster,
  id: string,
  options: WatchOptions,
  terminal: Terminal,
): Promise<number> {
  const { signal, release } = interruptOnce();
  // The supervisor's process id identifies a local cluster: another cluster has another id.
  const supervisor = runningCluster()?.pid;
  const isGone = () => cluster.kind === "local" && runningCluster()?.pid !== supervisor;
  try {
    const run = await followRun({ cluster, id, terminal, signal, isGone });
    if (!run) {
      terminal.line(`the run continues\n${howToAttach(id)}`);
      return EXIT.interrupted;
    }
    await fetchFiles(cluster, id, signal, terminal);
    return report(run, options, terminal);
  } catch (error) {
    if (error instanceof RunLostError) return reportLost(error, id, options, terminal);
    throw error;
  } finally {
    release();
    cluster.client.close();
  }
}

/** A run whose files did not come is over all the same: its verdict stands. */
async function fetchFiles(
  cluster: ChosenCluster,
  id: string,
  signal: AbortSignal,
  terminal: Terminal,
): Promise<void> {
  if (cluster.kind === "local") return;
  try {
    await fetchRun(id, {
      source: new MasterSource("master", cluster.client),
      signal,
      onRetry: (error) => {
        terminal.line(`fetching the files of the run: ${error.message}; trying again …`);
      },
    });
  } catch (error) {
    terminal.warn(
      signal.aborted
        ? "interrupted while the files of the run were fetched"
        : `the files of the run could not be fetched: ${(error as Error).message}`,
    );
    terminal.line(`fetch them later with '${commandLine(`pull ${id}`)}'`);
  }
}

export function report(run: Run, options: WatchOptions, terminal: Terminal): number {
  writeReports(run, options);
  if (options.json) {
    printJson(run);
    return outcomeOf(run).exitCode;
  }
  print(`\n${renderRun(run, outputTable())}`);
  const folder = runFolder(run.id);
  const troubles = describeTroubles(folder, run);
  if (troubles.length > 0) print(`\n${troubles.map((line) => `  ${line}`).join("\n")}`);
  // A line each: a command that the terminal breaks in its middle cannot be copied.
  terminal.line(`\nfiles   ${shortPath(folder)}`);
  // Locust writes it at the end: a master that was killed leaves none.
  if (existsSync(join(folder, REPORT_FILE))) terminal.line(`report  ${commandLine(`open ${run.id}`)}`);
  return outcomeOf(run).exitCode;
}

/** The cluster went away under the run; a local one leaves its files. */
function reportLost(error: RunLostError, id: string, options: WatchOptions, terminal: Terminal): number {
  terminal.keep();
  terminal.line(terminal.paint("red", error.message));
  const run = readLocalRun(id);
  if (run && isOver(run)) return report(run, options, terminal);
  terminal.line(howToAttach(id));
  return EXIT.failed;
}
