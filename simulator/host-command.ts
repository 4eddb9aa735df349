import { execFile } from "node:child_process";

/** What a finished command left behind. */
export interface HostCommandResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface HostCommandOptions {
  /** @default "" */
  readonly input?: string;
  /** @default 120000 */
  readonly timeoutMs?: number;
  /** @default process.env */
  readonly env?: NodeJS.ProcessEnv;
  /** @default process.cwd() */
  readonly cwd?: string;
}

/** Runs a command to its end, whatever its exit code. */
export function attempt(
  command: string,
  args: readonly string[],
  options: HostCommandOptions = {},
): Promise<HostCommandResult> {
  const { input, timeoutMs = 120_000, env, cwd } = options;
  return new Promise((resolve) => {
    const child = execFile(
      command,
      args,
      { timeout: timeoutMs, killSignal: "SIGKILL", env, cwd, maxBuffer: 64 * 1024 * 1024 },
      (error, stdout, stderr) => {
        const code = typeof error?.code === "number" ? error.code : error ? 255 : 0;
        const reason = error?.killed
          ? `${stderr}stopped after ${timeoutMs / 1000} s`
          : stderr || (error?.message ?? "");
        resolve({ code, stdout, stderr: reason });
      },
    );
    // A command that ended before it read its input is told by its exit code.
    child.stdin?.on("error", () => undefined);
    child.stdin?.end(input ?? "");
  });
}

/** Runs a command that has to succeed and resolves to its output. */
export async function runOnHost(
  command: string,
  args: readonly string[],
  options: HostCommandOptions = {},
): Promise<string> {
  const { code, stdout, stderr } = await attempt(command, args, options);
  if (code !== 0)
    throw new Error(`'${[command, ...args].join(" ")}' failed with exit code ${code}: ${stderr.trim()}`);
  return stdout;
}
