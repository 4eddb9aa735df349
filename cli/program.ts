import { Command, InvalidArgumentError, Option } from "commander";
import {
  afterDashes,
  command,
  hostAddress,
  paths,
  repeatable,
  whichCluster,
  wholeNumber,
} from "./commands/definition/options";
import { addInit } from "./init/program";
import { addRunCommands } from "./runs/program";
import { EXIT } from "./terminal/exit-codes";
import { addTerraformCommands } from "./terraform-program";

/* oxlint-disable typescript/no-require-imports --
   A command is loaded when it is asked for: the AWS SDK alone takes longer than `--help` may. */

const DEPLOY_MINUTES = 10;

export interface CommandRun {
  /** Exit code of the command that ran. */
  code: number;
}

/** The commands and their options; `run.code` is set by the one that runs. */
export function createProgram(version: string, run: CommandRun): Command {
  const program = new Command("locust-cluster")
    .description("A Locust cluster from one command: on EC2, and on this machine without AWS.")
    .version(version)
    .enablePositionalOptions() // for the command that `ssh` passes on
    .showSuggestionAfterError()
    .showHelpAfterError("(run it with --help to see what it takes)")
    .configureHelp({ sortSubcommands: false, showGlobalOptions: false })
    .addHelpText("after", FIRST_STEPS);

  addInit(program, run);
  command(program, "local", "start a cluster on this machine, without AWS", [
    "npx locust-cluster local",
    "npx locust-cluster local --workers 4 --host http://127.0.0.1:8000 --locustfile my/locustfile.py",
    "npx locust-cluster local --tags checkout -- --tenant acme",
  ])
    .option("--workers <count>", "worker processes (default: one per core)", wholeNumber(1, 64))
    .option(
      "--host <url>",
      "address to test (default: locust.host of cluster.yaml, else what the test says itself)",
      hostAddress,
    )
    .option(
      "--locustfile <path>",
      "the test: .py files and folders, with commas between (default: locust.locustfile of cluster.yaml)",
      paths,
    )
    .argument("[option...]", "after --: options for Locust, and those that the test declares")
    .option("--port <port>", "port of the page", wholeNumber(1, 65535), 8089)
    .option("-T, --tags <tag...>", "only tasks with one of these tags, where a run names none")
    .option("-E, --exclude-tags <tag...>", "without tasks with one of these tags")
    .action(async (words: string[], options: import("./commands/local").LocalOptions, self: Command) => {
      const args = afterDashes(self);
      if (words.length > args.length)
        self.error(`error: unexpected '${words[0]}': options for Locust stand after --`);
      const { local } = require("./commands/local") as typeof import("./commands/local");
      run.code = await local({ ...options, args });
    });

  command(program, "deploy", "create or change the cluster on EC2, and wait until it is ready", [
    "npx locust-cluster deploy",
    "LOCUST_CLUSTER_WORKERS_COUNT=20 npx locust-cluster deploy --timeout 15",
  ])
    .option("--no-wait", "end when the machines exist, without waiting for their boot")
    .addOption(showPassword())
    .option("-y, --yes", "remove what a killed deploy has left and no state knows, without asking")
    .addOption(timeout())
    .option("--verbose", "show every resource instead of a count")
    .addOption(terraformArgument())
    .addOption(cdktfArgument())
    .action(async (options: import("./commands/deploy").DeployOptions) => {
      run.code = await (require("./commands/deploy") as typeof import("./commands/deploy")).deploy(options);
    });

  addRunCommands(program, run);

  whichCluster(
    command(program, "status", "show the machines, the test, the run under way, and the login", [
      "npx locust-cluster status --wait",
      "npx locust-cluster status --json",
    ]),
  )
    .option("--wait", "wait until every worker process is connected")
    .addOption(showPassword())
    .addOption(timeout())
    .option("--json", "print JSON")
    .action(async (options: import("./commands/status").StatusOptions) => {
      run.code = await (require("./commands/status") as typeof import("./commands/status")).status(options);
    });

  whichCluster(
    command(program, "ssh", "open a shell on a machine, or run a command there", [
      "npx locust-cluster ssh worker-1",
      "npx locust-cluster ssh all -- uptime",
    ]),
  )
    .passThroughOptions()
    .argument("[machine]", "master, worker-1, worker-2, …; or all, with a command", "master")
    .argument("[command...]", "after --: what to run there instead of a shell")
    .action(async (machine: string, remote: string[], options: import("./cluster/target").TargetOptions) => {
      run.code = await (require("./commands/ssh") as typeof import("./commands/ssh")).ssh(
        machine,
        // What stands after the machine is passed through, the separator included.
        remote[0] === "--" ? remote.slice(1) : remote,
        options,
      );
    });

  command(program, "prepare", "check the test and build the machines' Python environments", [
    "npx locust-cluster prepare",
    "LOCUST_CLUSTER_CONFIG=examples/minimal/cluster.yaml npx locust-cluster prepare",
  ])
    .option("--quiet", "say nothing unless something is wrong")
    .addOption(
      new Option("--by-terraform", "called by Terraform: refuse a profile that it cannot use").hideHelp(),
    )
    .addOption(
      new Option("--settings <file>", "written by synthesis: all settings of the cluster").hideHelp(),
    )
    .action(async (options: import("./commands/prepare").PrepareOptions) => {
      run.code = await (require("./commands/prepare") as typeof import("./commands/prepare")).prepare(
        options,
      );
    });

  whichCluster(
    command(program, "destroy", "remove the cluster and everything it created", [
      "npx locust-cluster destroy",
      "npx locust-cluster destroy --yes",
    ]),
  )
    .option("-y, --yes", "do not ask")
    .option("--force-unlock", "first remove the lock on a state in S3 that a killed deploy has left")
    .option("--verbose", "show every resource instead of a count")
    .addOption(terraformArgument())
    .addOption(cdktfArgument())
    .action(async (options: import("./commands/destroy").DestroyOptions) => {
      run.code = await (require("./commands/destroy") as typeof import("./commands/destroy")).destroy(
        options,
      );
    });

  addTerraformCommands(program, run);
  return program;
}

const FIRST_STEPS = `
First steps:
  $ npx locust-cluster local                 a cluster on this machine, no cost
  $ npx locust-cluster run -u 20 -r 5 -t 1m  a run on it, from another terminal
  $ npx locust-cluster deploy                the cluster of cluster.yaml on EC2
  $ npx locust-cluster status                its machines, page and password
  $ npx locust-cluster destroy               remove everything

'npx locust-cluster <command> --help' shows a command's options and examples.
Exit codes: ${EXIT.ok} done or passed, ${EXIT.missed} a threshold was missed or a request failed,
${EXIT.usage} wrong use or something is missing here, ${EXIT.failed} the run or the cluster failed,
${EXIT.interrupted} interrupted.
`;

function timeout(): Option {
  return new Option("--timeout <minutes>", "longest wait")
    .argParser(wholeNumber(1, 120))
    .default(DEPLOY_MINUTES);
}

function showPassword(): Option {
  return new Option(
    "--show-password",
    "write the password also where it is not a terminal, e.g. with --json",
  );
}

function terraformArgument(): Option {
  return repeatable(
    "--terraform-arg <argument>",
    "pass on to Terraform, e.g. --terraform-arg=-parallelism=20",
  );
}

/** Its name until the command line called Terraform itself. */
function cdktfArgument(): Option {
  return new Option("--cdktf-arg <argument>", "former name of --terraform-arg").hideHelp().argParser(() => {
    throw new InvalidArgumentError("Its name is --terraform-arg now: what follows it goes to Terraform.");
  });
}
