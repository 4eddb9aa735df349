import { commandLine } from "../../../lib/model/command-line";
import { nearest } from "../../../lib/model/config/nearest";
import { UserError } from "../../../lib/model/user-error";

const quoted = (words: string): string => `'${commandLine(words)}'`;

const CREATE = (): string =>
  `${quoted("deploy")} creates the cluster on EC2, ${quoted("local")} starts one on this machine`;
const REMOVE = (): string =>
  `${quoted("destroy")} removes the cluster on EC2, Ctrl-C in its terminal ends one on this machine, ${quoted("stop")} ends a run`;

/** What other tools call our commands. */
const WORDS: Readonly<Record<string, () => string>> = {
  start: () => `${CREATE()}, ${quoted("run")} starts a run on it`,
  up: CREATE,
  create: CREATE,
  apply: CREATE,
  down: REMOVE,
  delete: REMOVE,
  remove: REMOVE,
  list: () => `${quoted("runs")} lists all runs, ${quoted("status")} the machines`,
  ls: () => WORDS["list"]!(),
  test: () => `${quoted("run")} starts a run`,
};

/**
 * The error for an unknown command, also after `help`, where commander would print the general help and end with success.
 *
 * @returns undefined if the word is a command, or if there is no word
 */
export function unknownCommand(args: readonly string[], commands: readonly string[]): UserError | undefined {
  const [first, second] = args;
  const word = first === "help" ? second : first;
  if (word === undefined || word.startsWith("-") || word === "help" || commands.includes(word))
    return undefined;
  const near = nearest(word, commands);
  const meant = Object.hasOwn(WORDS, word) ? WORDS[word]!() : near && `did you mean ${quoted(near)}?`;
  return new UserError(`unknown command '${word}'`, {
    hint: meant ?? `${quoted("--help")} shows all commands`,
  });
}
