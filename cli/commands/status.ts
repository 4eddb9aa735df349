import type { Command } from "commander";
import { loadCluster } from "../../lib/model/config";
import type { RunsClient } from "../../test-runs/master/runs-client";
import type { RunSummary } from "../../test-runs/run/run-api";
import { findCluster, type ChosenCluster, type ClusterChoice } from "../cluster/chosen-cluster";
import { clusterHere, testHere } from "../cluster/test-here";
import { failedMachines, isReady, whatIsMissing, type ClusterProgress } from "../machines/cluster-progress";
import { renderClusterTable, renderFailures } from "../machines/cluster-table";
import { describeCopies } from "../machines/describe-copies";
import { describeFleets } from "../machines/describe-fleets";
import { renderLogin, showsPassword } from "../machines/login";
import { reportLocalWait, reportWait, type ReportWaitOptions } from "../machines/report";
import { deployedPlace, localPlace, toStatusDocument } from "../machines/status-document";
import { renderTestFacts } from "../machines/test-facts";
import { waitForCluster, type ClusterView, type WatchResult } from "../machines/watch";
import { LocalWatch } from "../local/local-watch";
import { EXIT } from "../terminal/exit-codes";
import { print, printJson } from "../terminal/output";
import { outputColumns, paintOutput, Terminal } from "../terminal/terminal";
import type { CommandResult } from "./definition/command-result";
import {
  examples,
  showPassword,
  timeout,
  whichCluster,
  withJson,
  type JsonOption,
} from "./definition/options";

/* oxlint-disable typescript/no-require-imports -- a local cluster needs no AWS SDK */

interface StatusOptions extends ReportWaitOptions, ClusterChoice, JsonOption {
  /** @default false */
  readonly wait?: boolean;
}

/** Options and action of `locust-cluster status`. */
export function define(command: Command, result: CommandResult): void {
  examples(withJson(whichCluster(command)), [
    "npx locust-cluster status --wait",
    "npx locust-cluster status --json",
  ])
    .option("--wait", "wait until every worker process is connected")
    .addOption(showPassword())
    .addOption(timeout())
    .action(async (options: StatusOptions) => {
      result.code = await status(options);
    });
}

/** Shows the cluster once, or waits for it as deploy does. */
export async function status(options: StatusOptions): Promise<number> {
  const terminal = new Terminal();
  const cluster = await findCluster(options).catch((error: unknown) => {
    const { withLeftovers } =
      require("../deploy/leftovers/tell") as typeof import("../deploy/leftovers/tell");
    return withLeftovers(error, loadCluster(), terminal);
  });
  if (options.wait) return waitUntilReady(cluster, options, terminal);
  const watch = open(cluster);
  try {
    const progress = await watch.look();
    const run = await currentRun(progress, watch.client);
    if (options.json) return showJson(progress, run, cluster, options);
    await show(progress, run, cluster, options, terminal);
    return exitCode(progress);
  } finally {
    watch.close();
  }
}

function open({ outputs, local, client }: ChosenCluster): ClusterView {
  if (!outputs) return new LocalWatch(local!, client);
  const { ClusterWatch } = require("../machines/cluster-watch") as typeof import("../machines/cluster-watch");
  return new ClusterWatch(outputs, client);
}

async function waitUntilReady(
  cluster: ChosenCluster,
  options: StatusOptions,
  terminal: Terminal,
): Promise<number> {
  const result = await waitForCluster(open(cluster), options.timeout * 60_000, terminal);
  if (!options.json) return reportOn(result, cluster, options, terminal);
  showJson(result.progress, await currentRun(result.progress, cluster.client), cluster, options);
  cluster.client.close();
  if (result.outcome === "interrupted") return EXIT.interrupted;
  return result.outcome === "ready" ? EXIT.ok : EXIT.failed;
}

function reportOn(
  result: WatchResult,
  cluster: ChosenCluster,
  options: StatusOptions,
  terminal: Terminal,
): number {
  if (cluster.outputs) return reportWait(result, cluster.outputs, options, terminal);
  return reportLocalWait(result, cluster.url, options, terminal);
}

/** The current run; null if the master has just stopped answering. */
async function currentRun(progress: ClusterProgress, client: RunsClient): Promise<RunSummary | null> {
  return progress.masterAnswers ? client.active().catch(() => null) : null;
}

async function show(
  progress: ClusterProgress,
  run: RunSummary | null,
  cluster: ChosenCluster,
  options: StatusOptions,
  terminal: Terminal,
): Promise<void> {
  const { outputs, local } = cluster;
  const columns = outputColumns();
  const configured = clusterHere(local);
  const blocks = [
    outputs ? `${cluster.label} in ${outputs.region}` : `${cluster.label}, process ${local!.pid}`,
    renderClusterTable(progress, { columns, paint: paintOutput }),
    renderTestFacts(progress, { run, here: testHere(configured) }, { columns, paint: paintOutput }),
    outputs ? renderLogin(outputs, showsPassword(options)) : renderLocal(cluster),
  ];
  print(blocks.filter((block) => block !== "").join("\n\n"));
  if (progress.ledgerProblem) terminal.warn(`${progress.ledgerProblem}; this is what the master sees`);
  for (const line of describeCopies(progress, Date.now())) terminal.line(line);
  for (const line of describeFleets(progress)) terminal.warn(line);
  const failed = failedMachines(progress);
  if (failed.length > 0) terminal.line(`\n${terminal.paint("red", renderFailures(failed))}`);
  else if (!isReady(progress)) terminal.line(`\nnot ready: ${whatIsMissing(progress)}`);
  if (!outputs) return;
  const { tellLeftovers } = require("../deploy/leftovers/tell") as typeof import("../deploy/leftovers/tell");
  await tellLeftovers(configured, terminal);
}

function renderLocal({ url, local }: ChosenCluster): string {
  return `page      ${url}\nstop      Ctrl-C in its terminal, or 'kill ${local!.pid}'`;
}

/** Booting machines are no failure; a script that needs them all waits with --wait. */
function exitCode(progress: ClusterProgress): number {
  return failedMachines(progress).length > 0 ? EXIT.failed : EXIT.ok;
}

function showJson(
  progress: ClusterProgress,
  run: RunSummary | null,
  { outputs, local }: ChosenCluster,
  { showPassword }: StatusOptions,
): number {
  const place = outputs ? deployedPlace(outputs, showPassword) : localPlace(local!);
  printJson(toStatusDocument(progress, place, run));
  return exitCode(progress);
}
