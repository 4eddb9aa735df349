import { Option, type Command } from "commander";
import { parseWorseLimit } from "../../test-runs/comparison/worse-limit";
import { formerThreshold } from "../commands/definition/former-threshold";
import {
  afterDashes,
  command,
  hostAddress,
  positiveNumber,
  repeatable,
  whichCluster,
  wholeNumber,
} from "../commands/definition/options";
import type { CommandRun } from "../program";

/* oxlint-disable typescript/no-require-imports -- a command is loaded when it is asked for */

const MOST_USERS = 10_000_000;
const PUSH_MINUTES = 3;

/** The commands about runs. */
export function addRunCommands(program: Command, run: CommandRun): void {
  target(
    command(program, "run", "start a run, watch it, judge it and fetch its files", [
      "npx locust-cluster run -u 500 -r 50 -t 5m -H https://shop.example --threshold 'p95 < 300ms' --name checkout",
      "npx locust-cluster run -u 20 -t 30s --threshold 'fail_ratio < 1%' --threshold 'GET / p99 < 1s' --junit result.xml",
      "npx locust-cluster run -u 1000 -r 20 -t 2h --detach",
      "npx locust-cluster run -u 10 -t 1m -- --tenant acme",
    ]),
  )
    .argument(
      "[UserClass...]",
      "user classes that take part (default: all); after --: the test's own options",
    )
    .option("-u, --users <count>", "users at the peak", wholeNumber(1, MOST_USERS))
    .option("-r, --spawn-rate <rate>", "users started per second (default: 1)", positiveNumber)
    .option("-t, --run-time <duration>", "e.g. 90s, 5m, 1h30m (default: until it is stopped)")
    .option("-H, --host <url>", "address to test (default: of cluster.yaml, else of the test)", hostAddress)
    .option("-T, --tags <tag...>", "only tasks with one of these tags")
    .option("-E, --exclude-tags <tag...>", "without tasks with one of these tags")
    .option("--name <name>", "becomes part of the run's id")
    .addOption(
      repeatable("--threshold <threshold>", "what must hold, else the exit code is 1, e.g. 'p95 < 300ms'"),
    )
    .addOption(
      repeatable("--abort-threshold <threshold>", "the same, and the run ends as soon as it does not hold"),
    )
    .addOption(formerThreshold("--fail-if", "--threshold"))
    .addOption(formerThreshold("--abort-if", "--abort-threshold"))
    .option("--grace <duration>", "time before --abort-threshold is looked at (default: 10s)")
    .option("--warm-up <duration>", "at the start, not judged and not in the results")
    .option(
      "--expect-workers <count>",
      "worker processes to wait for (default: all)",
      wholeNumber(1, MOST_USERS),
    )
    .option("--wait-timeout <duration>", "how long to wait for them (default: 2m)")
    .addOption(repeatable("--label <name=value>", "kept with the run"))
    .option("--detach", "start it and return; it runs on the master")
    .option("--junit <file>", "write the verdicts as JUnit XML")
    .option("--summary <file>", "append a summary in Markdown (always to $GITHUB_STEP_SUMMARY, if set)")
    .action(async (words: string[], options: import("../commands/run").RunOptions, self: Command) => {
      const args = afterDashes(self);
      const classes = words.slice(0, words.length - args.length);
      const { run: start } = require("../commands/run") as typeof import("../commands/run");
      run.code = await start(classes, args, options);
    });

  target(
    command(program, "attach", "watch a run that is under way, to its end", [
      "npx locust-cluster attach",
      "npx locust-cluster attach last --json",
    ]),
  )
    .argument("[run]", "id, a part of it, 'last' or 'last~1' (default: the run that is under way)")
    .option("--junit <file>", "write the verdicts as JUnit XML")
    .option("--summary <file>", "append a summary in Markdown")
    .action(async (id: string | undefined, options: import("../commands/attach").AttachOptions) => {
      run.code = await (require("../commands/attach") as typeof import("../commands/attach")).attach(
        id,
        options,
      );
    });

  target(
    command(program, "stop", "end the run that is under way; what it measured is kept", [
      "npx locust-cluster stop",
      "npx locust-cluster stop --json",
    ]),
  ).action(async (options: import("../commands/stop").StopOptions) => {
    run.code = await (require("../commands/stop") as typeof import("../commands/stop")).stop(options);
  });

  target(
    command(program, "runs", "list all runs: here, on the master, and in the bucket", [
      "npx locust-cluster runs",
      "npx locust-cluster runs --all --json",
    ]),
  )
    .option("--all", "ask the bucket too, although the master answers")
    .option("-n, --limit <count>", "show the newest only", wholeNumber(1, 100_000))
    .action(async (options: import("../commands/runs").RunsOptions) => {
      run.code = await (require("../commands/runs") as typeof import("../commands/runs")).runs(options);
    });

  target(
    command(program, "show", "show a run: its figures and verdicts", [
      "npx locust-cluster show",
      "npx locust-cluster show 20261121-110432-checkout --json",
    ]),
  )
    .argument("[run]", "id, a part of it, 'last' or 'last~1' (default: last)")
    .action(async (id: string | undefined, options: import("../commands/show").ShowOptions) => {
      run.code = await (require("../commands/show") as typeof import("../commands/show")).show(id, options);
    });

  target(
    command(program, "open", "open a run's report in the browser", [
      "npx locust-cluster open",
      "npx locust-cluster open last~1",
    ]),
  )
    .argument("[run]", "id, a part of it, 'last' or 'last~1' (default: last)")
    .action(async (id: string | undefined, options: import("../commands/open").OpenOptions) => {
      run.code = await (require("../commands/open") as typeof import("../commands/open")).open(id, options);
    });

  target(
    command(program, "pull", "fetch the files of a run to runs/", [
      "npx locust-cluster pull 20261121-110432-checkout",
      "npx locust-cluster pull --all",
    ]),
  )
    .argument("[run]", "id, a part of it, 'last' or 'last~1' (default: last)")
    .option("--all", "all runs of the master and the bucket that are not here yet")
    .action(async (id: string | undefined, options: import("../commands/pull").PullOptions) => {
      run.code = await (require("../commands/pull") as typeof import("../commands/pull")).pull(id, options);
    });

  target(
    command(program, "compare", "compare two runs, request by request", [
      "npx locust-cluster compare last~1 last",
      "npx locust-cluster compare 20261120-110000-checkout 20261121-110432-checkout --fail-if-worse 'p95: 10% and 5ms'",
    ]),
  )
    .argument("<before>", "id, a part of it, 'last' or 'last~1'")
    .argument("<after>", "the same")
    .addOption(
      repeatable(
        "--fail-if-worse <limit>",
        "exit code 1 when a figure is worse by more, e.g. 10%, or 'p95: 10% and 5ms' for more than both",
        parseWorseLimit,
      ),
    )
    .action(async (before: string, after: string, options: import("../commands/compare").CompareOptions) => {
      run.code = await (require("../commands/compare") as typeof import("../commands/compare")).compare(
        before,
        after,
        options,
      );
    });

  target(
    command(program, "push", "bring the changed test to all machines, without a deploy", [
      "npx locust-cluster push",
      "npx locust-cluster push --local --timeout 1",
    ]),
  )
    .addOption(
      new Option("--timeout <minutes>", "longest wait for the machines")
        .argParser(wholeNumber(1, 120))
        .default(PUSH_MINUTES),
    )
    .action(async (options: import("../commands/push").PushOptions) => {
      run.code = await (require("../commands/push") as typeof import("../commands/push")).push(options);
    });

  target(
    command(program, "logs", "show the log of a machine, or of all", [
      "npx locust-cluster logs worker-1",
      "npx locust-cluster logs all --follow",
    ]),
  )
    .argument("[machine]", "master, worker-1, worker-2, …, or all", "master")
    .option("-f, --follow", "go on as it grows")
    .option("-n, --lines <count>", "how many lines of the past", wholeNumber(0, 1_000_000), 100)
    .action(async (machine: string, options: import("../commands/logs").LogsOptions) => {
      run.code = await (require("../commands/logs") as typeof import("../commands/logs")).logs(
        machine,
        options,
      );
    });
}

/** Which cluster is meant, and the form of the answer. */
function target(to: Command): Command {
  return whichCluster(to).option("--json", "print JSON (docs/cli.md)");
}
