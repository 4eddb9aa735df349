import { commandLine } from "../../lib/model/command-line";
import { describeTroubles } from "../../test-runs/formats/troubles";
import { readLocalRun, runFolder } from "../../test-runs/sources/folder";
import { EXIT } from "../terminal/exit-codes";
import { print, printJson } from "../terminal/output";
import { renderRun } from "../terminal/runs/run-report";
import { openRuns } from "../cluster/open-runs";
import type { TargetOptions } from "../cluster/target";
import { outputTable, Terminal } from "../terminal/terminal";

export interface ShowOptions extends TargetOptions {
  readonly json?: boolean;
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
