import { readdirSync, statSync } from "node:fs";
import { basename, resolve } from "node:path";
import type { Command } from "commander";
import { commandLine, shellWord } from "../../lib/model/command-line";
import { checkSettings } from "../../lib/model/config/check-settings";
import { shortPath } from "../../lib/model/short-path";
import { UserError } from "../../lib/model/user-error";
import { EXIT } from "../terminal/exit-codes";
import { Terminal } from "../terminal/terminal";
import type { CommandResult } from "./definition/command-result";
import { examples } from "./definition/options";
import { writeProject } from "./init/write-project";

/** Options and action of `locust-cluster init`. */
export function define(command: Command, result: CommandResult): void {
  examples(command, ["npx locust-cluster init my-load-test", "npx locust-cluster init tests/load"])
    .argument("<folder>", "a new or empty folder; the cluster gets its name")
    .action((folder: string) => {
      result.code = init(folder);
    });
}

/** Writes a small project that depends on this package, into a new folder or an empty one. */
export function init(folder: string): number {
  const terminal = new Terminal();
  const path = resolve(folder);
  const name = nameOf(path);
  checkEmpty(path);
  const step = writeProject(path, name);
  const shown = shortPath(path);
  terminal.line(`a load test named '${name}' is in ${shown}; next:`);
  if (shown !== ".") terminal.line(`  cd ${shellWord(shown)}`);
  for (const line of [...(step ? [step] : []), "npm install", commandLine("local")])
    terminal.line(`  ${line}`);
  return EXIT.ok;
}

/** The folder's name names the cluster, and with it everything that is created in AWS. */
function nameOf(path: string): string {
  const name = basename(path);
  const [problem] = checkSettings({ name }).problems;
  if (!problem) return name;
  throw new UserError(`the folder's name becomes the name of the cluster: ${problem.message}`, {
    hint: "choose another folder, such as my-load-test; you can rename the cluster in cluster.yaml later",
  });
}

function checkEmpty(path: string): void {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (!stats) return;
  if (!stats.isDirectory()) throw new UserError(`${shortPath(path)} is a file: choose another folder`);
  const [found] = readdirSync(path).filter((file) => file !== ".git");
  if (found === undefined) return;
  throw new UserError(`${shortPath(path)} is not empty, '${found}' is in it: choose a new or empty folder`);
}
