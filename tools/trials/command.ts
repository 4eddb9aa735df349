import { spawn } from "node:child_process";
import { once } from "node:events";
import { stripVTControlCharacters } from "node:util";
import { forgetCommand, noteCommand, stopGroup } from "./suite-folder";

interface CommandOptions {
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  readonly timeoutMs?: number;
  /** Is called with all that the command has said so far, whenever it says more. */
  readonly onOutput?: (said: string) => void;
}

export interface CommandResult {
  readonly code: number | null;
  readonly stdout: string;
  /** stdout and stderr as they came, without colours. */
  readonly output: string;
  readonly seconds: number;
}

/** Frames of cdktf's spinner, which it prints line by line when nobody watches. */
const SPINNER = /^(⠋|⠙|⠹|⠸|⠼|⠴|⠦|⠧|⠇|⠏)|^\d+ Stacks? deploying/;

/** Runs a command in a process group of its own, says on stderr that it does, and stops the group when it takes too long. */
export async function runCommand(
  command: string,
  args: readonly string[],
  { cwd, env, timeoutMs = 480_000, onOutput }: CommandOptions,
): Promise<CommandResult> {
  const begin = performance.now();
  const child = spawn(command, args, { cwd, env, stdio: ["ignore", "pipe", "pipe"], detached: true });
  const { pid } = child;
  if (pid === undefined) throw new Error(`${command} could not be started`);
  noteCommand(pid);
  const pieces: { text: string; from: "stdout" | "stderr" }[] = [];
  for (const from of ["stdout", "stderr"] as const)
    child[from].setEncoding("utf8").on("data", (text: string) => {
      pieces.push({ text, from });
      onOutput?.(pieces.map((piece) => piece.text).join(""));
    });
  const timer = setTimeout(() => stopGroup(pid), timeoutMs);
  const [code] = (await once(child, "close")) as [number | null];
  clearTimeout(timer);
  forgetCommand(pid);
  const seconds = (performance.now() - begin) / 1000;
  const ending = code === 0 ? "" : `, exit code ${code ?? "none: it took too long"}`;
  process.stderr.write(`    ${command} ${args.join(" ")}: ${seconds.toFixed(1)} s${ending}\n`);
  const text = (chosen: typeof pieces): string =>
    stripVTControlCharacters(chosen.map((piece) => piece.text).join(""))
      .split("\n")
      .filter((line) => !SPINNER.test(line))
      .join("\n");
  return {
    code,
    stdout: text(pieces.filter(({ from }) => from === "stdout")),
    output: text(pieces),
    seconds,
  };
}
