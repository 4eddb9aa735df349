import { spawn } from "node:child_process";
import { createWriteStream, mkdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { projectRoot } from "../lib/project";
import { CdktfOutput } from "./cdktf-output";
import { findDescendants } from "./process-tree";
import { onInterrupt } from "./signals";
import type { Terminal } from "./terminal";
import { terraformProgram } from "./terraform";

export interface CdktfOptions {
  readonly command: "deploy" | "destroy";
  readonly stack: string;
  /** Passed on to cdktf as they are. */
  readonly extraArgs: readonly string[];
  /** Overrides of cluster.yaml, with paths that hold in the project's folder. */
  readonly environment: Readonly<Record<string, string>>;
  readonly terminal: Terminal;
}

export interface CdktfResult {
  readonly code: number;
  readonly interrupted: boolean;
  /** Everything that cdktf and Terraform said. */
  readonly log: string;
}

/** Runs cdktf, shows what matters of its output and keeps all of it in a log. */
export async function runCdktf(options: CdktfOptions): Promise<CdktfResult> {
  const { command, stack, extraArgs, environment, terminal } = options;
  const root = projectRoot();
  const folder = join(root, ".cache", stack);
  mkdirSync(folder, { recursive: true });
  const log = join(folder, `${command}.log`);
  const file = createWriteStream(log);
  const output = new CdktfOutput((line) => {
    terminal.line(`  ${line}`);
  });
  const program = join(root, "node_modules", ".bin", "cdktf");
  // A process group of its own: Ctrl-C reaches us alone, and we hand it to Terraform, once (see interrupt).
  const child = spawn(program, [command, stack, "--auto-approve", ...extraArgs], {
    cwd: root,
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
    env: { CHECKPOINT_DISABLE: "1", ...process.env, ...environment },
  });
  for (const name of ["stdout", "stderr"] as const) {
    child[name].setEncoding("utf8").on("data", (chunk: string) => {
      file.write(chunk);
      output.push(name, chunk);
    });
  }
  let interrupted = false;
  const release = onInterrupt(() => {
    if (interrupted)
      return terminal.line("Terraform is ending cleanly, so that its state stays right: please wait");
    interrupted = true;
    terminal.line("interrupted: Terraform finishes what it has begun, then stops");
    void interrupt(child.pid!);
  });
  try {
    const code = await new Promise<number>((resolve, reject) => {
      child.on("error", reject).on("close", (status) => {
        resolve(status ?? 1);
      });
    });
    output.end();
    await new Promise((resolve) => file.end(resolve));
    if (code !== 0 && !output.sawError && !interrupted) showTail(log, terminal);
    return { code, interrupted, log };
  } finally {
    release();
  }
}

/**
 * Asks Terraform itself to stop.
 *
 * cdktf answers SIGINT by leaving at once (tried with 0.21), while Terraform goes on unseen for as long as AWS takes:
 * a second command in that time would meet a locked or half-written state.
 */
async function interrupt(cdktf: number): Promise<void> {
  const program = basename(terraformProgram());
  const running = await findDescendants(cdktf, program).catch(() => []);
  for (const pid of running.length > 0 ? running : [cdktf]) process.kill(pid, "SIGINT");
}

/** For a failure in words that the filter does not know, such as a stack trace of synthesis. */
function showTail(log: string, terminal: Terminal): void {
  const lines = stripVTControlCharacters(readFileSync(log, "utf8"))
    .split("\n")
    .filter((line) => line.trim() !== "" && !/Synthesizing|Starting|Stacks? deploying/.test(line));
  for (const line of lines.slice(-20)) terminal.line(`  ${line}`);
}
