import type { Command } from "commander";
import { command } from "../commands/definition/options";
import type { CommandRun } from "../program";

/* oxlint-disable typescript/no-require-imports -- loaded when it is asked for, as every command */

export function addInit(program: Command, run: CommandRun): void {
  command(program, "init", "write a small project of your own, without cloning this one", [
    "npx locust-cluster init my-load-test",
    "npx locust-cluster init tests/load",
  ])
    .argument("<folder>", "a new folder, or an empty one; its name becomes that of the cluster")
    .action((folder: string) => {
      run.code = (require("../commands/init") as typeof import("../commands/init")).init(folder);
    });
}
