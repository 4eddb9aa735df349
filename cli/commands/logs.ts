import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { UserError } from "../../lib/user-error";
import { EXIT } from "../exit-codes";
import { localFolder } from "../local/state";
import { print, printJson } from "../output";
import { findTarget, type TargetOptions } from "../runs/target";
import { Terminal } from "../terminal";
import { currentAddress, findNode, sshArguments, writeKey } from "./ssh";
import { interruptOnce } from "../runs/interrupt";

export interface LogsOptions extends TargetOptions {
  readonly follow?: boolean;
  readonly lines: number;
  readonly json?: boolean;
}

/** Prints a machine's log: of Locust and of the agent beside it. */
export async function logs(machine: string, options: LogsOptions): Promise<number> {
  const target = await findTarget(options);
  target.client.close();
  const { outputs } = target;
  if (!outputs) return relay(machine, "tail", localArguments(machine, options), options);
  const found = findNode(outputs, machine);
  const node = { ...found, public_ip: await currentAddress(found, outputs.region) };
  const command = ["sudo", "journalctl", ...journalArguments(node.role, options)];
  const args = sshArguments({ node, user: outputs.ssh_user, key: writeKey(outputs), command });
  return relay(machine, "ssh", args, options);
}

function localArguments(machine: string, { follow, lines }: LogsOptions): string[] {
  const file = join(localFolder(), `${machine}.log`);
  if (!/^(master|target|worker-\d+)$/.test(machine) || !existsSync(file)) {
    throw new UserError(`the local cluster has no process '${machine}'`, {
      hint: "it has master, target, worker-1, worker-2, …",
    });
  }
  // -F: the file is replaced when the cluster is started again.
  return ["-n", String(lines), ...(follow ? ["-F"] : []), file];
}

/** Quoted for the shell at the other end. */
export function journalArguments(role: "master" | "worker", { follow, lines }: LogsOptions): string[] {
  const unit = role === "master" ? "locust-master" : "'locust-worker@*'";
  const rest = ["-u", "locust-agent", "--no-pager", "-o", "short-iso", "-n", String(lines)];
  return ["-u", unit, ...rest, ...(follow ? ["-f"] : [])];
}

/** Passes the lines on as they come. Ctrl-C is how one leaves a log that is followed: no error. */
async function relay(
  machine: string,
  program: string,
  args: readonly string[],
  options: LogsOptions,
): Promise<number> {
  const { signal, release } = interruptOnce();
  const child = spawn(program, args, { stdio: ["ignore", "pipe", "pipe"] });
  signal.addEventListener("abort", () => child.kill("SIGTERM"));
  const ended = new Promise<number>((resolve, reject) => {
    child.once("error", (error: NodeJS.ErrnoException) => {
      reject(error.code === "ENOENT" ? new UserError(`'${program}' was not found on the PATH`) : error);
    });
    child.once("close", (code) => {
      resolve(code ?? 1);
    });
  });
  createInterface({ input: child.stdout }).on("line", (line) => {
    if (options.json) printJson({ machine, line }, 0);
    else print(line);
  });
  const terminal = new Terminal();
  createInterface({ input: child.stderr }).on("line", (line) => {
    terminal.line(line);
  });
  try {
    const code = await ended;
    if (signal.aborted) return EXIT.ok;
    return code === 0 ? EXIT.ok : EXIT.failed;
  } finally {
    release();
  }
}
