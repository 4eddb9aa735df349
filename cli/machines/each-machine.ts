import { spawn } from "node:child_process";
import { setMaxListeners } from "node:events";
import { createInterface } from "node:readline";
import { UserError } from "../../lib/model/user-error";

/** In the place of a machine's name. */
export const ALL = "all";

/** Connections at a time that end by themselves: each is a process here, and nobody reads faster. */
const AT_A_TIME = 20;

export interface Invocation {
  readonly program: string;
  readonly args: readonly string[];
}

/** Command to run for a machine. */
export interface MachineJob {
  readonly machine: string;
  /** Called when its turn comes. A UserError affects only this machine; the others go on. */
  readonly invocation: () => Promise<Invocation> | Invocation;
}

/** Takes a line of a machine. */
export type OnLine = (stream: "stdout" | "stderr", machine: string, line: string) => void;

interface EachMachineOptions {
  /** Show lines of all machines as they come; otherwise machine by machine, in order. */
  readonly live: boolean;
  readonly onLine: OnLine;
  /** Ends what still runs. */
  readonly signal: AbortSignal;
}

/** Exit codes by machine; null when a signal ended the command, or when it could not be run. */
type ExitCodes = ReadonlyMap<string, number | null>;

/** Runs a command for each machine and tells its lines. */
export async function eachMachine(
  jobs: readonly MachineJob[],
  { live, onLine, signal }: EachMachineOptions,
): Promise<ExitCodes> {
  // Every command of this call listens; more than ten are no leak.
  setMaxListeners(Infinity, signal);
  const codes = new Map<string, number | null>(jobs.map(({ machine }) => [machine, null]));
  const run = async (job: MachineJob, tell: OnLine): Promise<void> => {
    codes.set(job.machine, await runJob(job, tell, signal));
  };
  if (live) await Promise.all(jobs.map((job) => run(job, onLine)));
  else
    for (let first = 0; first < jobs.length && !signal.aborted; first += AT_A_TIME) {
      const batch = jobs.slice(first, first + AT_A_TIME).map(async (job) => {
        const lines: Parameters<OnLine>[] = [];
        await run(job, (...line) => void lines.push(line));
        return lines;
      });
      for (const lines of batch) for (const line of await lines) onLine(...line);
    }
  return codes;
}

async function runJob(
  { machine, invocation }: MachineJob,
  tell: OnLine,
  signal: AbortSignal,
): Promise<number | null> {
  try {
    return await runLines(
      await invocation(),
      (stream, line) => {
        tell(stream, machine, line);
      },
      signal,
    );
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    tell("stderr", machine, error.message);
    if (error.hint) tell("stderr", machine, error.hint);
    return null;
  }
}

/** Runs a program to its end and passes its lines on as they come. */
async function runLines(
  { program, args }: Invocation,
  tell: (stream: "stdout" | "stderr", line: string) => void,
  signal: AbortSignal,
): Promise<number | null> {
  if (signal.aborted) return null;
  const child = spawn(program, args, { stdio: ["ignore", "pipe", "pipe"] });
  const end = (): void => void child.kill("SIGTERM");
  signal.addEventListener("abort", end);
  for (const stream of ["stdout", "stderr"] as const)
    createInterface({ input: child[stream] }).on("line", (line) => {
      tell(stream, line);
    });
  try {
    return await new Promise((resolve, reject) => {
      child.once("error", (error: NodeJS.ErrnoException) => {
        reject(error.code === "ENOENT" ? new UserError(`'${program}' was not found on the PATH`) : error);
      });
      child.once("close", resolve);
    });
  } finally {
    signal.removeEventListener("abort", end);
  }
}
