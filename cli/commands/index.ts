import { Command, Help, type Option } from "commander";
import { EXIT } from "../terminal/exit-codes";
import type { CommandResult } from "./definition/command-result";
import { inOurStyle, nameOptions } from "./definition/wrong-value";

/* oxlint-disable typescript/no-require-imports --
   Load a command only when it is used: the AWS SDK alone takes longer than `--help` may. */

interface Entry {
  readonly name: string;
  /** Arguments, as the list of all commands shows them. */
  readonly takes: string;
  readonly description: string;
  /** Only Terraform calls it. @default false */
  readonly hidden?: boolean;
  /** Gives the command its options and its action. */
  readonly load: () => { readonly define: (command: Command, result: CommandResult) => void };
}

const COMMANDS: readonly Entry[] = [
  {
    name: "init",
    takes: "<folder>",
    description: "write a small project that uses this package",
    load: () => require("./init") as typeof import("./init"),
  },
  {
    name: "local",
    takes: "[options] [option...]",
    description: "start a cluster on this machine, without AWS",
    load: () => require("./local") as typeof import("./local"),
  },
  {
    name: "deploy",
    takes: "[options]",
    description: "create or change the cluster on EC2, and wait until it is ready",
    load: () => require("./deploy") as typeof import("./deploy"),
  },
  {
    name: "run",
    takes: "[options] [UserClass...]",
    description: "start a run, watch it, judge it and fetch its files",
    load: () => require("./run") as typeof import("./run"),
  },
  {
    name: "attach",
    takes: "[options] [run]",
    description: "watch the current run to its end",
    load: () => require("./attach") as typeof import("./attach"),
  },
  {
    name: "stop",
    takes: "[options]",
    description: "end the current run and keep what it measured",
    load: () => require("./stop") as typeof import("./stop"),
  },
  {
    name: "runs",
    takes: "[options]",
    description: "list all runs: here, on the master, and in the bucket",
    load: () => require("./runs") as typeof import("./runs"),
  },
  {
    name: "show",
    takes: "[options] [run]",
    description: "show the figures and verdicts of a run",
    load: () => require("./show") as typeof import("./show"),
  },
  {
    name: "open",
    takes: "[options] [run]",
    description: "open a run's report in the browser",
    load: () => require("./open") as typeof import("./open"),
  },
  {
    name: "pull",
    takes: "[options] [run]",
    description: "fetch the files of a run to runs/",
    load: () => require("./pull") as typeof import("./pull"),
  },
  {
    name: "compare",
    takes: "[options] <before> <after>",
    description: "compare two runs, request by request",
    load: () => require("./compare") as typeof import("./compare"),
  },
  {
    name: "push",
    takes: "[options]",
    description: "send the changed test to all machines, without a deploy",
    load: () => require("./push") as typeof import("./push"),
  },
  {
    name: "logs",
    takes: "[options] [machine]",
    description: "show the log of a machine, or of all",
    load: () => require("./logs") as typeof import("./logs"),
  },
  {
    name: "status",
    takes: "[options]",
    description: "show the machines, the test, the current run and the login",
    load: () => require("./status") as typeof import("./status"),
  },
  {
    name: "fleets",
    takes: "[options]",
    description: "list the fleets: their machines, and what changes",
    load: () => require("./fleets") as typeof import("./fleets"),
  },
  {
    name: "scale",
    takes: "[options] <fleet> <machines>",
    description: "set the machines of a fleet by hand, for a while",
    load: () => require("./scale") as typeof import("./scale"),
  },
  {
    name: "ssh",
    takes: "[options] [machine] [command...]",
    description: "open a shell on a machine, or run a command there",
    load: () => require("./ssh") as typeof import("./ssh"),
  },
  {
    name: "prepare",
    takes: "[options]",
    description: "check the test and build the machines' Python environments",
    load: () => require("./prepare") as typeof import("./prepare"),
  },
  {
    name: "destroy",
    takes: "[options]",
    description: "remove the cluster and everything it created",
    load: () => require("./destroy") as typeof import("./destroy"),
  },
  {
    name: "keep",
    takes: "[options]",
    description: "save the runs of a cluster before it is removed",
    hidden: true,
    load: () => require("./keep") as typeof import("./keep"),
  },
  {
    name: "watch-launches",
    takes: "[options]",
    description: "report when EC2 starts no more workers",
    hidden: true,
    load: () => require("./watch-launches") as typeof import("./watch-launches"),
  },
  {
    name: "credentials",
    takes: "",
    description: "print AWS credentials for Terraform (credential_process)",
    hidden: true,
    load: () => require("./credentials") as typeof import("./credentials"),
  },
];

/**
 * The commands; `result.code` is set by the one that runs.
 *
 * @param words of a command line: only commands among them get their options and actions. @default all commands
 */
export function createProgram(version: string, result: CommandResult, words?: readonly string[]): Command {
  const program = new Command("locust-cluster")
    .description("A Locust cluster from one command: on EC2, and on this machine without AWS.")
    .version(version)
    .enablePositionalOptions() // for the command that `ssh` passes on
    .showSuggestionAfterError()
    .showHelpAfterError("(add --help for usage)")
    .configureOutput({ outputError: (text, write) => write(inOurStyle(text)) })
    .configureHelp({ sortSubcommands: false, showGlobalOptions: false, subcommandTerm, optionDescription })
    .addHelpText("after", FIRST_STEPS);
  for (const { name, description, hidden, load } of COMMANDS) {
    const command = program.command(name, { hidden }).description(description);
    if (words && !words.includes(name)) continue;
    load().define(command, result);
    nameOptions(command);
  }
  return program;
}

/** A line in the list of commands, without loading the command. */
function subcommandTerm(command: Command): string {
  const takes = COMMANDS.find(({ name }) => name === command.name())?.takes ?? "[command]";
  return `${command.name()} ${takes}`.trim();
}

/** That nothing is given by default goes without saying for a repeatable option. */
function optionDescription(option: Option): string {
  return new Help().optionDescription(option).replace(/ \(default: none\)$/, "");
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
