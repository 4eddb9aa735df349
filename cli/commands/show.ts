import { EXIT } from "../exit-codes";
import { AllRuns } from "../runs/all-runs";
import { readLocalRun, runFolder } from "../runs/folder";
import { renderRun } from "../runs/run-report";
import type { TargetOptions } from "../runs/target";
import { describeTroubles } from "../runs/troubles";
import { paintOutput, Terminal } from "../terminal";

export interface ShowOptions extends TargetOptions {
  readonly json?: boolean;
}

/** Shows a run as its end did, or as it is now. Says nothing of it by the exit code: `run` and `attach` do. */
export async function show(id: string | undefined, options: ShowOptions): Promise<number> {
  const terminal = new Terminal();
  const all = await AllRuns.open(options);
  try {
    const run = await all.get(await all.find(id));
    if (options.json) {
      process.stdout.write(`${JSON.stringify(run, null, 2)}\n`);
      return EXIT.ok;
    }
    process.stdout.write(`${renderRun(run, paintOutput)}\n`);
    const troubles = describeTroubles(runFolder(run.id));
    if (troubles.length > 0) process.stdout.write(`\n${troubles.map((line) => `  ${line}`).join("\n")}\n`);
    if (!readLocalRun(run.id)) terminal.line(`\nfetch its files with 'npx locust-cluster pull ${run.id}'`);
    return EXIT.ok;
  } finally {
    all.close();
  }
}
