import { InvalidArgumentError, Option, type Command } from "commander";
import { UserError } from "../../../lib/model/user-error";

/** Pieces of the commands' definitions. */

/** Adds examples below a command's help. */
export function examples(to: Command, lines: readonly string[]): Command {
  return to.addHelpText("after", `\nExamples:\n${lines.map((line) => `  $ ${line}`).join("\n")}`);
}

/** Options that choose between the local and the deployed cluster. */
export function whichCluster(to: Command): Command {
  return to
    .addOption(new Option("--local", "use the cluster on this machine").conflicts("cloud"))
    .option("--cloud", "use the deployed cluster");
}

/** The same for a command that needs the deployed one: it takes `--local` to say why not. */
export function deployedCluster(to: Command): Command {
  return to
    .addOption(new Option("--local", "refused, with what to do instead").conflicts("cloud").hideHelp())
    .option("--cloud", "use the deployed cluster, even if a local one is running");
}

/** What `withJson` gives a command. */
export interface JsonOption {
  /** @default false */
  readonly json?: boolean;
}

/** The form of the answer. */
export function withJson(to: Command): Command {
  return to.option("--json", "print JSON (docs/cli.md)");
}

/** An option that you may give several times. */
export function repeatable<T = string>(
  flags: string,
  description: string,
  parse: (text: string) => T = (text) => text as T,
): Option {
  const collect = (value: string, before: readonly T[]) => [...before, parse(value)];
  return new Option(flags, `${description} (repeatable)`).argParser(collect).default([], "none");
}

/** Words after `--`, which are for Locust, the test or a machine. */
export function afterDashes({ parent }: Command): string[] {
  const words = (parent as unknown as { readonly rawArgs: readonly string[] }).rawArgs;
  const at = words.indexOf("--");
  return at < 0 ? [] : words.slice(at + 1);
}

/** @throws InvalidArgumentError, from the function it returns, for anything else; it says what is allowed (wrong-value.ts) */
export function parseWholeNumber(min: number, max: number) {
  return (text: string): number => {
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= min && value <= max) return value;
    throw new InvalidArgumentError(`a whole number from ${min} to ${max}`);
  };
}

/** @throws InvalidArgumentError for anything else */
export function parsePositiveNumber(text: string): number {
  const value = Number(text);
  if (/^\d+(\.\d+)?$/.test(text) && value > 0) return value;
  throw new InvalidArgumentError("a number above 0");
}

/** A fleet and a number of its machines. */
export type FleetMachines = readonly [fleet: string, machines: number];

/** @throws InvalidArgumentError for anything but `eu=10` */
export function parseFleetMachines(text: string): FleetMachines {
  const [, fleet, machines] = /^([^=]+)=(\d{1,6})$/.exec(text) ?? [];
  if (fleet !== undefined) return [fleet, Number(machines)];
  throw new InvalidArgumentError("a fleet and a number of machines, such as eu=10");
}

/** A fleet, or `workers`, and its share of the users. */
export type FleetShare = readonly [fleet: string, share: string];

/** @throws InvalidArgumentError for anything but `eu=60%` */
export function parseFleetShare(text: string): FleetShare {
  const [, fleet, share] = /^([^=]+)=(\d{1,3}(?:\.\d{1,2})?%)$/.exec(text) ?? [];
  if (fleet !== undefined && share !== undefined) return [fleet, share];
  throw new InvalidArgumentError("a fleet or workers and a percentage, such as eu=60%");
}

/**
 * Of any scheme or none, as gRPC's `localhost:50051`: what the test's users need, the master knows.
 *
 * @throws InvalidArgumentError for spaces and an empty text
 */
export function parseHostAddress(text: string): string {
  if (/^(?!-)\S+$/.test(text)) return text;
  throw new InvalidArgumentError("an address such as http://127.0.0.1:8000 or localhost:50051");
}

/**
 * As Locust's `-f a.py,b.py`.
 *
 * @throws InvalidArgumentError for an empty name
 */
export function parsePaths(text: string): string[] {
  const names = text.split(",").map((name) => name.trim());
  if (names.every((name) => name !== "")) return names;
  throw new InvalidArgumentError(".py files and folders, such as a.py,b.py");
}

const DEPLOY_MINUTES = 10;

export function timeout(): Option {
  return new Option("--timeout <minutes>", "how long to wait")
    .argParser(parseWholeNumber(1, 120))
    .default(DEPLOY_MINUTES);
}

export function showPassword(): Option {
  return new Option(
    "--show-password",
    "show the password even if the output is not a terminal, e.g. with --json",
  );
}

export function terraformArgument(): Option {
  return repeatable(
    "--terraform-arg <argument>",
    "pass an argument to Terraform, e.g. --terraform-arg=-parallelism=20",
  );
}

/** Its name until the command line called Terraform itself. */
export function cdktfArgument(): Option {
  return new Option("--cdktf-arg <argument>", "former name of --terraform-arg").hideHelp().argParser(() => {
    throw new UserError("its name is --terraform-arg now; what follows it goes to Terraform");
  });
}
