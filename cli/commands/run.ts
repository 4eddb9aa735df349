import { accessSync, constants, mkdirSync } from "node:fs";
import { dirname } from "node:path";
import type { Command } from "commander";
import { explainSystemError } from "../../lib/model/system-errors";
import { UserError } from "../../lib/model/user-error";
import { MOST_USERS } from "../../protocol/generated/constants";
import { describeLoad } from "../../test-runs/formats/describe-load";
import { startRun } from "../../test-runs/master/start-run";
import { findCluster, type ClusterChoice } from "../cluster/chosen-cluster";
import { noFleetsHere } from "../cluster/no-fleets";
import { EXIT } from "../terminal/exit-codes";
import { print, printJson } from "../terminal/output";
import { Terminal } from "../terminal/terminal";
import type { CommandResult } from "./definition/command-result";
import { formerThreshold } from "./definition/former-threshold";
import {
  afterDashes,
  examples,
  parseFleetMachines,
  parseFleetShare,
  parseHostAddress,
  parsePositiveNumber,
  repeatable,
  whichCluster,
  parseWholeNumber,
  withJson,
} from "./definition/options";
import { awaitPage } from "./run/await-page";
import { howToAttach } from "./run/follow";
import { inOptions } from "./run/in-options";
import { toRunRequest, type LoadOptions } from "./run/run-request";
import { warnOfOldTest } from "./run/warn-old-test";
import { watchRun, type WatchOptions } from "./run/watch-run";

interface RunOptions extends LoadOptions, ClusterChoice, WatchOptions {
  /** @default false */
  readonly detach?: boolean;
}

/** Options and action of `locust-cluster run`. */
export function define(command: Command, result: CommandResult): void {
  examples(withJson(whichCluster(command)), [
    "npx locust-cluster run -u 500 -r 50 -t 5m -H https://shop.example \\\n" +
      "      --threshold 'p95 < 300ms' --name checkout",
    "npx locust-cluster run -u 20 -t 30s --threshold 'fail_ratio < 1%' \\\n" +
      "      --threshold 'GET / p99 < 1s' --junit result.xml",
    "npx locust-cluster run -u 1000 -r 20 -t 2h --detach",
    "npx locust-cluster run -u 50000 -r 500 -t 10m --fleet eu=10 --fleet us=5 \\\n" +
      "      --share eu=70% --share us=30%",
    "npx locust-cluster run -u 10 -t 1m -- --tenant acme",
  ])
    .usage("[UserClass...] [options]") // -T and -E take all words after them
    .argument(
      "[UserClass...]",
      "user classes that take part (default: all); after --: options that the test declares",
    )
    .option("-u, --users <count>", "users at the peak", parseWholeNumber(1, MOST_USERS))
    .option("-r, --spawn-rate <rate>", "users started per second (default: 1)", parsePositiveNumber)
    .option("-t, --run-time <duration>", "e.g. 90s, 5m, 1h30m (default: until you stop it)")
    .option(
      "-H, --host <url>",
      "address of the target (default: locust.host of cluster.yaml, else the test's own)",
      parseHostAddress,
    )
    .option("-T, --tags <tag...>", "only tasks with one of these tags")
    .option("-E, --exclude-tags <tag...>", "no tasks with one of these tags")
    .option("--name <name>", "name of the run, which becomes part of its id")
    .addOption(
      repeatable("--threshold <threshold>", "what must hold, e.g. 'p95 < 300ms'; exit code 1 if missed"),
    )
    .addOption(
      repeatable("--abort-threshold <threshold>", "the same, but the run ends as soon as it does not hold"),
    )
    .addOption(formerThreshold("--fail-if", "--threshold"))
    .addOption(formerThreshold("--abort-if", "--abort-threshold"))
    .option("--grace <duration>", "time before --abort-threshold is first judged (default: 10s)")
    .option("--warm-up <duration>", "first part of the run, not judged and not in the totals")
    .addOption(
      repeatable(
        "--fleet <name=machines>",
        "machines that the run needs of a fleet, e.g. eu=10",
        parseFleetMachines,
      ),
    )
    .addOption(
      repeatable(
        "--share <fleet=percentage>",
        "a fleet's share of the users, e.g. eu=60%; workers: those of none",
        parseFleetShare,
      ),
    )
    .option(
      "--expect-workers <count>",
      "worker processes to wait for (default: all)",
      parseWholeNumber(1, MOST_USERS),
    )
    .option("--wait-timeout <duration>", "how long to wait for them (default: 2m; 5m with --fleet)")
    .option(
      "--min-processes <count>",
      "after --wait-timeout, begin if so many are connected (default: fail)",
      parseWholeNumber(1, MOST_USERS),
    )
    .addOption(repeatable("--label <name=value>", "label to keep with the run"))
    .option("--detach", "return at once; the run continues on the master")
    .option("--junit <file>", "write the verdicts as JUnit XML")
    .option("--summary <file>", "append a summary in Markdown (also to $GITHUB_STEP_SUMMARY, if set)")
    .action(async (words: string[], options: RunOptions) => {
      const args = afterDashes(command);
      result.code = await run(words.slice(0, words.length - args.length), args, options);
    });
}

/** Starts a run, `args` being options that the test declares, and, unless detached, watches it to its end. */
export async function run(
  userClasses: readonly string[],
  args: readonly string[],
  options: RunOptions,
): Promise<number> {
  const terminal = new Terminal();
  const request = toRunRequest(options, userClasses, args);
  // A file that cannot be written is told before an hour of load, not after.
  for (const file of [options.junit, options.summary]) if (file) checkWritable(file);
  const cluster = await findCluster(options);
  if (cluster.kind === "local" && (request.fleets || request.shares)) throw noFleetsHere();
  await awaitPage(cluster, terminal);
  await warnOfOldTest(cluster, terminal);
  const started = await startRun(cluster, request).catch((error: unknown) => {
    throw inOptions(error);
  });
  terminal.line(`run ${terminal.paint("bold", started.id)} on ${cluster.label}: ${describeLoad(started)}`);
  if (!options.detach) return watchRun(cluster, started.id, options, terminal);
  cluster.client.close();
  if (options.json) printJson(started);
  else print(started.id);
  terminal.line(howToAttach(started.id));
  return EXIT.ok;
}

function checkWritable(file: string): void {
  try {
    mkdirSync(dirname(file), { recursive: true });
    accessSync(dirname(file), constants.W_OK);
  } catch (error) {
    throw (
      explainSystemError(error) ??
      new UserError(`${file} could not be written: ${(error as Error).message}`, { cause: error })
    );
  }
}
