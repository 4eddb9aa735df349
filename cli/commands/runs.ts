import type { Command } from "commander";
import { commandLine } from "../../lib/model/command-line";
import { RUN_DETAILS } from "../../protocol/generated/constants";
import { openRuns } from "../cluster/open-runs";
import type { ClusterChoice } from "../cluster/chosen-cluster";
import { EXIT } from "../terminal/exit-codes";
import { print, printJson } from "../terminal/output";
import { renderRunsTable } from "../terminal/runs/runs-table";
import { outputTable, Terminal } from "../terminal/terminal";
import type { CommandResult } from "./definition/command-result";
import { examples, whichCluster, parseWholeNumber, withJson, type JsonOption } from "./definition/options";

interface RunsOptions extends ClusterChoice, JsonOption {
  /** @default false */
  readonly all?: boolean;
  /** @default - all runs */
  readonly limit?: number;
}

/** Options and action of `locust-cluster runs`. */
export function define(command: Command, result: CommandResult): void {
  examples(withJson(whichCluster(command)), [
    "npx locust-cluster runs",
    "npx locust-cluster runs --all --json",
  ])
    .option("--all", "ask the bucket too, even if the master answers")
    .option("-n, --limit <count>", "show only the newest <count>", parseWholeNumber(1, 100_000))
    .action(async (options: RunsOptions) => {
      result.code = await runs(options);
    });
}

/** Lists all runs, newest first. */
export async function runs(options: RunsOptions): Promise<number> {
  const terminal = new Terminal();
  const all = await openRuns(options);
  try {
    const { runs: found, problems } = await all.list({ everything: options.all });
    for (const { message, hint } of problems)
      terminal.warn(`this list may lack runs: ${message}${hint ? `\n${hint}` : ""}`);
    const shown = found.slice(0, options.limit);
    if (options.json) {
      const document = shown.map(({ run, where }) => ({ ...toSummary(run), where }));
      printJson({ runs: document });
    } else if (shown.length > 0) print(renderRunsTable(shown, outputTable()));
    else terminal.line(`no runs yet: start one with '${commandLine("run -u 10 -t 1m")}'`);
    return EXIT.ok;
  } finally {
    all.close();
  }
}

/** As the master lists it. */
function toSummary(run: object): object {
  return Object.fromEntries(
    Object.entries(run).filter(([key]) => !(RUN_DETAILS as readonly string[]).includes(key)),
  );
}
