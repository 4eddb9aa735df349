import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, openSync, readFileSync } from "node:fs";
import { createInterface } from "node:readline";

interface BackgroundOptions {
  readonly command: string;
  readonly args: readonly string[];
  /** @default process.env */
  readonly env?: NodeJS.ProcessEnv;
  /** Where its stderr goes. */
  readonly log: string;
  /** @default 60000 */
  readonly readyWithinMs?: number;
}

/** A process that has said, in its first line of output, where it can be reached. */
export interface Background<Ready> {
  readonly pid: number;
  readonly ready: Ready;
  /** Writes a line to its stdin. */
  readonly send: (line: string) => void;
  readonly stop: () => Promise<void>;
}

/**
 * Starts a process in a group of its own and waits for its first line, JSON.
 *
 * The process must end when its stdin does: so it dies with us, even when we are killed.
 */
export async function startBackground<Ready>(options: BackgroundOptions): Promise<Background<Ready>> {
  const { command, args, env = process.env, log, readyWithinMs = 60_000 } = options;
  const logFile = openSync(log, "a");
  const child = spawn(command, args, { env, stdio: ["pipe", "pipe", logFile], detached: true });
  closeSync(logFile);
  child.stdin?.on("error", () => undefined);
  const timer = setTimeout(() => child.kill("SIGKILL"), readyWithinMs);
  try {
    const line = await firstLine(child);
    if (line === undefined || child.pid === undefined)
      throw new Error(`${command} ended before it was ready:\n${readFileSync(log, "utf8").slice(-2000)}`);
    const send = (text: string) => void child.stdin?.write(`${text}\n`);
    return { pid: child.pid, ready: JSON.parse(line) as Ready, send, stop: () => stop(child) };
  } catch (error) {
    await stop(child);
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

async function firstLine(child: ChildProcess): Promise<string | undefined> {
  if (!child.stdout) return undefined;
  const failed = once(child, "error").then(([error]) => Promise.reject(error as Error));
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const first = await Promise.race([lines.next(), failed]);
  child.stdout.resume();
  return first.done ? undefined : first.value;
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, "exit");
  const kill = setTimeout(() => child.kill("SIGKILL"), 5_000);
  child.stdin?.destroy();
  child.kill("SIGTERM");
  await exited;
  clearTimeout(kill);
}
