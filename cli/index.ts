import { readFileSync } from "node:fs";
import { join } from "node:path";
import { CommanderError } from "commander";
import { packageRoot } from "../lib/model/package-root";
import { explainSystemError } from "../lib/model/system-errors";
import { UserError } from "../lib/model/user-error";
import { createProgram } from "./commands";
import { unknownCommand } from "./commands/definition/unknown-command";
import { runInside, simulationFor } from "./deploy/simulation/inside-simulation";
import { EXIT } from "./terminal/exit-codes";
import { print } from "./terminal/output";
import { Terminal } from "./terminal/terminal";

/* oxlint-disable typescript/no-require-imports -- only a command line without a command looks for clusters */

/** Runs a command line and gives its exit code. The only file that ends the process. */
async function main(args: readonly string[]): Promise<number> {
  const result = { code: EXIT.ok as number };
  const { version } = JSON.parse(readFileSync(join(packageRoot(), "package.json"), "utf8")) as {
    version: string;
  };
  const program = createProgram(version, result, args);
  for (const command of [program, ...program.commands]) command.exitOverride();
  try {
    const simulation = simulationFor(args);
    if (simulation) {
      new Terminal().line(`in the simulation of process ${simulation.pid} ('npm run simulate'), not on AWS`);
      return await runInside(simulation, args);
    }
    if (args.length === 0) {
      const { lookAround, nextStep } = require("./cluster/next-step") as typeof import("./cluster/next-step");
      program.outputHelp();
      print(`\n${nextStep(await lookAround())}`);
      return EXIT.ok;
    }
    const names = program.commands.map((command) => command.name());
    const unknown = unknownCommand(args, names);
    if (unknown) throw unknown;
    await program.parseAsync(args, { from: "user" });
    return result.code;
  } catch (error) {
    return explain(error);
  }
}

/** One line for an error that the user can fix; any other is a bug and shows its stack. */
function explain(error: unknown): number {
  const terminal = new Terminal();
  // commander has said it already, and ends `--help` and `--version` this way too.
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
  const told = error instanceof UserError ? error : explainSystemError(error);
  if (told) {
    terminal.line(terminal.paint("red", told.message));
    if (told.hint) terminal.line(told.hint);
    return EXIT.usage;
  }
  terminal.line(error instanceof Error ? (error.stack ?? error.message) : String(error));
  return EXIT.failed;
}

// The SDK announces with every command which Node it will need one day; package.json says what works.
process.env["AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED"] ??= "true";

// `locust-cluster status | head` closes our stdout early: no reason for a stack. A disk may be full, too.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  process.exit(error.code === "EPIPE" ? EXIT.ok : explain(error));
});

void main(process.argv.slice(2)).then((code) => {
  // Flush pipes before the process ends; open sockets must not keep it alive.
  process.exitCode = code;
  process.stdout.write("", (error) => {
    if (!error) process.exit(code); // else the listener above ends it
  });
});
