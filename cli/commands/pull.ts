import type { Command } from "commander";
import { commandLine } from "../../lib/model/command-line";
import { shortPath } from "../../lib/model/short-path";
import { UserError } from "../../lib/model/user-error";
import type { AllRuns, ListedRun } from "../../test-runs/catalogue/all-runs";
import { formatBytes, plural } from "../../test-runs/formats/format";
import { explainMaster } from "../../test-runs/master/explain-master";
import { isOver } from "../../test-runs/run/run-api";
import { fetchRun, type FetchedRun } from "../../test-runs/sources/fetch-run";
import { readLocalRun, REPORT_FILE, runFolder } from "../../test-runs/sources/folder";
import { openRuns } from "../cluster/open-runs";
import type { ClusterChoice } from "../cluster/chosen-cluster";
import { EXIT } from "../terminal/exit-codes";
import { interruptOnce } from "../terminal/interrupt";
import { printJson } from "../terminal/output";
import { Terminal } from "../terminal/terminal";
import type { CommandResult } from "./definition/command-result";
import { examples, whichCluster, withJson, type JsonOption } from "./definition/options";

interface PullOptions extends ClusterChoice, JsonOption {
  /** @default false */
  readonly all?: boolean;
}

/** Options and action of `locust-cluster pull`. */
export function define(command: Command, result: CommandResult): void {
  examples(withJson(whichCluster(command)), [
    "npx locust-cluster pull 20261121-110432-checkout",
    "npx locust-cluster pull --all",
  ])
    .argument("[run]", "id, a unique part of it, 'last' or 'last~1' (default: last)")
    .option("--all", "all runs of the master and the bucket that runs/ does not have yet")
    .action(async (id: string | undefined, options: PullOptions) => {
      result.code = await pull(id, options);
    });
}

/**
 * Fetches runs to `runs/`. After an interruption, the next pull continues with what has arrived.
 *
 * @throws UserError if there is no such run, or a run is named beside `--all`
 */
export async function pull(id: string | undefined, options: PullOptions): Promise<number> {
  if (id !== undefined && options.all) throw new UserError("name a run or use --all, not both");
  const terminal = new Terminal();
  const { signal, release } = interruptOnce();
  const all = await openRuns(options);
  const fetched: FetchedRun[] = [];
  const failed: { readonly id: string; readonly message: string }[] = [];
  try {
    const { wanted, problems, listed } = await choose(all, id, options.all === true);
    for (const each of wanted) {
      try {
        fetched.push(await fetchListed(each, signal, terminal));
      } catch (error) {
        if (signal.aborted) break;
        const told = explainMaster(error, "the cluster") as Error;
        terminal.line(terminal.paint("red", `${each.run.id}: ${told.message}`));
        if (told instanceof UserError && told.hint) terminal.line(told.hint);
        failed.push({ id: each.run.id, message: told.message });
      }
    }
    for (const { message, hint } of problems) {
      terminal.line(terminal.paint("red", `some runs may be missing: ${message}`));
      if (hint) terminal.line(hint);
      failed.push({ id: "", message });
    }
    if (options.json) printJson({ pulled: fetched, failed });
    if (signal.aborted) {
      terminal.line("interrupted; the same command continues from here");
      return EXIT.interrupted;
    }
    if (wanted.length === 0 && problems.length === 0) terminal.line(nothingToFetch(listed));
    return failed.length > 0 ? EXIT.failed : EXIT.ok;
  } finally {
    release();
    all.close();
  }
}

async function choose(all: AllRuns, id: string | undefined, everything: boolean) {
  if (!everything) return { wanted: [await all.find(id)], problems: [], listed: 1 };
  const { runs, problems } = await all.list({ everything: true });
  const wanted = runs.filter(({ source }) => source !== undefined && source.name !== "local");
  return { wanted, problems, listed: runs.length };
}

function nothingToFetch(listed: number): string {
  if (listed === 0) return "there are no runs yet";
  return `${listed === 1 ? "the only run is" : `all ${listed} runs are`} already in runs/`;
}

async function fetchListed(
  { run, source }: ListedRun,
  signal: AbortSignal,
  terminal: Terminal,
): Promise<FetchedRun> {
  if (!source || source.name === "local") {
    terminal.line(`run ${run.id} is here: ${shortPath(runFolder(run.id))}`);
    if (source && !isOver(run)) tellUnderWay(run.id, terminal);
    return { id: run.id, folder: runFolder(run.id), files: 0, bytes: 0, wasHere: true };
  }
  const result = await fetchRun(run.id, {
    source,
    signal,
    onRetry: (error) => {
      terminal.line(`${run.id}: ${error.message}; trying again …`);
    },
  });
  const size = `${plural(result.files, "file")}, ${formatBytes(result.bytes)}`;
  const how = result.wasHere ? "was here already" : `fetched from the ${source.name}`;
  terminal.line(`run ${run.id} ${how}: ${shortPath(result.folder)} (${size})`);
  // It may have ended meanwhile.
  if (!isOver(readLocalRun(run.id) ?? run)) tellUnderWay(run.id, terminal);
  return result;
}

function tellUnderWay(id: string, terminal: Terminal): void {
  terminal.line(
    `it is under way: ${REPORT_FILE} and the last figures come at its end; then '${commandLine(`pull ${id}`)}' again`,
  );
}
