import type { Command } from "commander";
import { commandLine } from "../../lib/model/command-line";
import { UserError } from "../../lib/model/user-error";
import { resolveRun } from "../../test-runs/catalogue/resolve-run";
import { explainMaster } from "../../test-runs/master/explain-master";
import type { RunList } from "../../test-runs/run/run-api";
import { findCluster, type ChosenCluster, type ClusterChoice } from "../cluster/chosen-cluster";
import { Terminal } from "../terminal/terminal";
import type { CommandResult } from "./definition/command-result";
import { examples, whichCluster, withJson } from "./definition/options";
import { watchRun, type WatchOptions } from "./run/watch-run";

interface AttachOptions extends ClusterChoice, WatchOptions {}

/** Options and action of `locust-cluster attach`. */
export function define(command: Command, result: CommandResult): void {
  examples(withJson(whichCluster(command)), [
    "npx locust-cluster attach",
    "npx locust-cluster attach last --json",
  ])
    .argument("[run]", "id, a unique part of it, 'last' or 'last~1' (default: the current run)")
    .option("--junit <file>", "write the verdicts as JUnit XML")
    .option("--summary <file>", "append a summary in Markdown")
    .action(async (id: string | undefined, options: AttachOptions) => {
      result.code = await attach(id, options);
    });
}

/** Watches a run of the master to its end; one that is over is reported at once. */
export async function attach(id: string | undefined, options: AttachOptions): Promise<number> {
  const cluster = await findCluster(options);
  const found = id === undefined ? await requireActiveRun(cluster, "attach to") : await findRun(cluster, id);
  return watchRun(cluster, found, options, new Terminal());
}

/** The run that is under way. Throws when there is none. */
export async function requireActiveRun(cluster: ChosenCluster, verb: string): Promise<string> {
  const { active, runs } = await list(cluster);
  if (active !== null) return active;
  const last = runs[0]
    ? `the last run was ${runs[0].id}: see it with '${commandLine("show")}'`
    : `start one with '${commandLine("run")}'`;
  throw new UserError(`no run in progress on ${cluster.label}: there is nothing to ${verb}`, { hint: last });
}

/** The chosen run of the master. A misspelt id fails at once, before the watch, which tolerates a lost connection. */
async function findRun(cluster: ChosenCluster, text: string): Promise<string> {
  const { runs } = await list(cluster);
  return resolveRun(
    text,
    runs.map(({ id }) => id),
  );
}

async function list({ client, label }: ChosenCluster): Promise<RunList> {
  return client.list().catch((error: unknown) => {
    throw explainMaster(error, label);
  });
}
