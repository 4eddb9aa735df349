import type { Command } from "commander";
import { oneLine } from "../../lib/model/one-line";
import { UserError } from "../../lib/model/user-error";
import type { AllRuns } from "../../test-runs/catalogue/all-runs";
import { compareRuns } from "../../test-runs/comparison/compare-runs";
import { parseWorseLimit, regressions, type WorseLimit } from "../../test-runs/comparison/worse-limit";
import type { Run } from "../../test-runs/run/run-api";
import { openRuns } from "../cluster/open-runs";
import type { ClusterChoice } from "../cluster/chosen-cluster";
import { EXIT } from "../terminal/exit-codes";
import { print, printJson } from "../terminal/output";
import { describeRegression, explainSame, renderComparison } from "../terminal/runs/compare-table";
import { outputTable, Terminal } from "../terminal/terminal";
import type { CommandResult } from "./definition/command-result";
import { examples, repeatable, whichCluster, withJson, type JsonOption } from "./definition/options";

interface CompareOptions extends ClusterChoice, JsonOption {
  readonly failIfWorse: readonly WorseLimit[];
}

/** Options and action of `locust-cluster compare`. */
export function define(command: Command, result: CommandResult): void {
  examples(withJson(whichCluster(command)), [
    "npx locust-cluster compare last~1 last",
    "npx locust-cluster compare 20261120-110000 20261121-110432 \\\n" +
      "      --fail-if-worse 'p95: 10% and 5ms'",
  ])
    .argument("<before>", "id, a unique part of it, 'last' or 'last~1'")
    .argument("<after>", "the same")
    .addOption(
      repeatable(
        "--fail-if-worse <limit>",
        "exit with 1 if a figure is worse by more, e.g. 10%, or beyond both: 'p95: 10% and 5ms'",
        parseWorseLimit,
      ),
    )
    .action(async (before: string, after: string, options: CompareOptions) => {
      result.code = await compare(before, after, options);
    });
}

/** Compares two runs; exit code 1 when the second is worse by more than allowed. */
export async function compare(first: string, second: string, options: CompareOptions): Promise<number> {
  const terminal = new Terminal();
  const all = await openRuns(options);
  try {
    const before = await withFigures(all, first);
    const after = await withFigures(all, second);
    const comparison = compareRuns(before, after);
    const limits = options.failIfWorse;
    const worse = limits.length === 0 ? [] : regressions(comparison, limits);
    if (options.json) {
      const document = { before: before.id, after: after.id, ...comparison, regressions: worse };
      printJson(document);
    } else {
      print(renderComparison(comparison, [before.id, after.id], outputTable()));
      const same = explainSame(comparison);
      if (same) terminal.line(`\n${same}`);
      const { differences } = comparison;
      if (differences.length > 0) terminal.line(`\nthe runs differ in: ${oneLine(differences.join("; "))}`);
    }
    if (worse.length === 0) return EXIT.ok;
    terminal.line(terminal.paint("red", "\nworse than --fail-if-worse allows:"));
    for (const each of worse) terminal.line(`  ${describeRegression(each)}`);
    return EXIT.missed;
  } finally {
    all.close();
  }
}

async function withFigures(all: AllRuns, id: string): Promise<Run> {
  const run = await all.get(await all.find(id));
  if (run.total) return run;
  throw new UserError(`run ${run.id} has no figures to compare: it is ${run.state}`);
}
