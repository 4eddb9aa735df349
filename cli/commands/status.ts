import { loadCluster } from "../../lib/config";
import type { ClusterOutputs } from "../../lib/outputs";
import { readOutputs } from "../cluster";
import { failedMachines, isReady, whatIsMissing, type ClusterProgress } from "../cluster-progress";
import { renderClusterTable, renderFailures } from "../cluster-table";
import { EXIT } from "../exit-codes";
import { describeCopies } from "../describe-copies";
import { renderLogin, showsPassword } from "../login";
import { print, printJson } from "../output";
import { reportWait, type ReportWaitOptions } from "../report";
import { toStatusDocument } from "../status-document";
import { tellLeftovers, withLeftovers } from "../leftovers/tell";
import { outputColumns, paintOutput, Terminal } from "../terminal";
import { ClusterWatch, waitForCluster } from "../watch";

export interface StatusOptions extends ReportWaitOptions {
  readonly wait?: boolean;
  readonly json?: boolean;
}

/** Shows the cluster once, or waits for it as deploy does. */
export async function status(options: StatusOptions): Promise<number> {
  const terminal = new Terminal();
  const cluster = loadCluster();
  const outputs = await readOutputs(cluster).catch((error: unknown) =>
    withLeftovers(error, cluster, terminal),
  );
  if (options.wait) {
    const result = await waitForCluster(outputs, options.timeout * 60_000, terminal);
    if (!options.json) return reportWait(result, outputs, options, terminal);
    showJson(result.progress, outputs, options);
    if (result.outcome === "interrupted") return EXIT.interrupted;
    return result.outcome === "ready" ? EXIT.ok : EXIT.failed;
  }
  const progress = await look(outputs);
  if (options.json) return showJson(progress, outputs, options);
  const table = renderClusterTable(progress, { columns: outputColumns(), paint: paintOutput });
  const login = renderLogin(outputs, showsPassword(options));
  print(`cluster '${outputs.cluster_name}' in ${outputs.region}\n\n${table}\n\n${login}`);
  for (const line of describeCopies(progress, Date.now())) terminal.line(line);
  const failed = failedMachines(progress);
  if (failed.length > 0) terminal.line(`\n${terminal.paint("red", renderFailures(failed))}`);
  else if (!isReady(progress)) terminal.line(`\nnot ready: ${whatIsMissing(progress)}`);
  await tellLeftovers(cluster, terminal);
  return exitCode(progress);
}

async function look(outputs: ClusterOutputs): Promise<ClusterProgress> {
  const watch = new ClusterWatch(outputs);
  try {
    return await watch.look();
  } finally {
    watch.close();
  }
}

/** Booting machines are no failure; a script that needs them all waits with --wait. */
function exitCode(progress: ClusterProgress): number {
  return failedMachines(progress).length > 0 ? EXIT.failed : EXIT.ok;
}

function showJson(
  progress: ClusterProgress,
  outputs: ClusterOutputs,
  { showPassword }: StatusOptions,
): number {
  printJson(toStatusDocument(progress, outputs, showPassword));
  return exitCode(progress);
}
