import type { Command } from "commander";
import { commandLine } from "../../lib/model/command-line";
import { describeTroubles } from "../../test-runs/formats/troubles";
import { readLocalRun, runFolder } from "../../test-runs/sources/folder";
import { openRuns } from "../cluster/open-runs";
import type { ClusterChoice } from "../cluster/chosen-cluster";
import { EXIT } from "../terminal/exit-codes";
import { print, printJson } from "../terminal/output";
import { renderRun } from "../terminal/runs/run-report";
import { outputTable, Terminal } from "../terminal/terminal";
import type { CommandResult } from "./definition/command-result";
import { examples, whichCluster, withJson, type JsonOption } from "./definition/options";

interface ShowOptions extends ClusterChoice, JsonOption {}

/** Options and action of `locust-cluster show`. */
export function define(command: Command, result: CommandResult): void {
  examples(withJson(whichCluster(command)), [
    "npx locust-cluster show",
    "npx locust-cluster show 20261121-110432-checkout --json",
  ])
    .argument("[run]", "id, a unique part of it, 'last' or 'last~1' (default: last)")
    .action(async (id: string | undefined, options: ShowOptions) => {
      result.code = await show(id, options);
    });
}

/** Shows a run as its end did, or as it is now. Says nothing of it by the exit code: `run` and `attach` do. */
export async function show(id: string | undefined, options: ShowOptions): Promise<number> {
  const terminal = new Terminal();
  const all = await openRuns(options);
  try {
    const run = await all.get(await all.find(id));
    if (options.json) {
      printJson(run);
      return EXIT.ok;
    }
    print(renderRun(run, outputTable()));
    const troubles = describeTroubles(runFolder(run.id), run);
    if (troubles.length > 0) print(`\n${troubles.map((line) => `  ${line}`).join("\n")}`);
    if (!readLocalRun(run.id)) terminal.line(`\nfetch its files with '${commandLine(`pull ${run.id}`)}'`);
    return EXIT.ok;
  } finally {
    all.close();
  }
}
