import { spawn } from "node:child_process";

interface ProgramOptions {
  /** @default process.cwd() */
  readonly cwd?: string;
  /** Added to this process's own environment. @default {} */
  readonly env?: NodeJS.ProcessEnv;
  /** Ends the child; the promise then rejects, but not before the child is gone. @default - never aborted */
  readonly signal?: AbortSignal;
}

interface ProgramResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program and collects its output. Rejects only if it cannot be started or is interrupted. */
export function runProgram(
  command: string,
  args: readonly string[],
  options: ProgramOptions = {},
): Promise<ProgramResult> {
  const { cwd, env, signal } = options;
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted();
    const child = spawn(command, args, {
      cwd,
      env: { ...process.env, ...env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    const output = { stdout: "", stderr: "" };
    child.stdout.setEncoding("utf8").on("data", (text: string) => (output.stdout += text));
    child.stderr.setEncoding("utf8").on("data", (text: string) => (output.stderr += text));
    // Not spawn's own `signal`: it rejects while the child still writes into the folder about to be removed.
    const stop = () => child.kill("SIGTERM");
    signal?.addEventListener("abort", stop, { once: true });
    child.once("error", reject);
    child.once("close", (code) => {
      signal?.removeEventListener("abort", stop);
      if (signal?.aborted) reject(signal.reason as Error);
      else resolve({ code: code ?? 1, ...output });
    });
  });
}
