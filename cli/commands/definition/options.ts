import { InvalidArgumentError, Option, type Command } from "commander";

/** Pieces of the commands' definitions. */

/** A command with its examples below its help. */
export function command(
  program: Command,
  name: string,
  description: string,
  examples: readonly string[],
): Command {
  const lines = examples.map((example) => `  $ ${example}`).join("\n");
  return program.command(name).description(description).addHelpText("after", `\nExamples:\n${lines}`);
}

/** Which cluster is meant, where there are both. */
export function whichCluster(to: Command): Command {
  return to
    .addOption(new Option("--local", "the cluster on this machine").conflicts("cloud"))
    .option("--cloud", "the deployed cluster");
}

/** An option that may be given several times. */
export function repeatable<T = string>(
  flags: string,
  description: string,
  parse: (text: string) => T = (text) => text as T,
): Option {
  const collect = (value: string, before: readonly T[]) => [...before, parse(value)];
  return new Option(flags, `${description} (repeatable)`).argParser(collect).default([], "none");
}

/** What stands after `--`, which is for somebody else. */
export function afterDashes({ parent }: Command): string[] {
  const words = (parent as unknown as { readonly rawArgs: readonly string[] }).rawArgs;
  const at = words.indexOf("--");
  return at < 0 ? [] : words.slice(at + 1);
}

export function wholeNumber(min: number, max: number) {
  return (text: string): number => {
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= min && value <= max) return value;
    throw new InvalidArgumentError(`It must be a whole number from ${min} to ${max}.`);
  };
}

export function positiveNumber(text: string): number {
  const value = Number(text);
  if (/^\d+(\.\d+)?$/.test(text) && value > 0) return value;
  throw new InvalidArgumentError("It must be a number above 0.");
}

/** Of any scheme or none, as gRPC's `localhost:50051`: what the test's users need, the master knows. */
export function hostAddress(text: string): string {
  if (/^(?!-)\S+$/.test(text)) return text;
  throw new InvalidArgumentError("It must be an address such as http://127.0.0.1:8000 or localhost:50051.");
}

/** As Locust's `-f a.py,b.py`. */
export function paths(text: string): string[] {
  const names = text.split(",").map((name) => name.trim());
  if (names.every((name) => name !== "")) return names;
  throw new InvalidArgumentError("It must be .py files and folders, such as a.py,b.py.");
}
