import { spawn } from "node:child_process";
import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { constants } from "node:os";
import { join } from "node:path";
import type { Command } from "commander";
import { commandLine } from "../../lib/model/command-line";
import type { ClusterOutputs } from "../../lib/model/outputs";
import { projectRoot } from "../../lib/model/project";
import { UserError } from "../../lib/model/user-error";
import { findDeployed, type ClusterChoice } from "../cluster/chosen-cluster";
import { chooseMembers } from "../machines/choose-member";
import { ALL, eachMachine, type Invocation } from "../machines/each-machine";
import { machineLines } from "../machines/machine-lines";
import type { Reachable } from "../machines/public-address";
import { EXIT } from "../terminal/exit-codes";
import { interruptOnce } from "../terminal/interrupt";
import { Terminal } from "../terminal/terminal";
import type { CommandResult } from "./definition/command-result";
import { examples, deployedCluster } from "./definition/options";

/* oxlint-disable typescript/no-require-imports -- a local log, and the master's address, need no SDK of EC2 */

/** Options and action of `locust-cluster ssh`. */
export function define(command: Command, result: CommandResult): void {
  examples(deployedCluster(command), [
    "npx locust-cluster ssh worker-1",
    "npx locust-cluster ssh all -- uptime",
  ])
    .passThroughOptions()
    .argument("[machine]", "master, worker-1, …, or the id of an instance; or all, with a command", "master")
    .argument("[command...]", "after --: command to run there instead of a shell")
    .action(async (machine: string, remote: string[], options: ClusterChoice) => {
      // Words after the machine are passed through, including the separator.
      result.code = await ssh(machine, remote[0] === "--" ? remote.slice(1) : remote, options);
    });
}

/** Opens a shell on a machine; its exit code is ours. */
export async function ssh(
  machine: string,
  command: readonly string[],
  options: ClusterChoice = {},
): Promise<number> {
  const outputs = await findDeployed(options, noMachines);
  if (machine === ALL) return onAll(outputs, command);
  const [chosen] = await chooseMembers(outputs, machine);
  const { program, args } = await sshInvocation(outputs, chosen!, command);
  return run(program, args);
}

/** Runs a command on every machine; machines on which it failed are named at the end. */
async function onAll(outputs: ClusterOutputs, command: readonly string[]): Promise<number> {
  if (command.length === 0) {
    throw new UserError("'all' needs a command", {
      hint: `such as '${commandLine("ssh all -- uptime")}'; a shell opens on one machine: '${commandLine("ssh worker-1")}'`,
    });
  }
  const machines = await chooseMembers(outputs, ALL);
  const jobs = machines.map((machine) => ({
    machine: machine.name,
    invocation: () => sshInvocation(outputs, machine, command),
  }));
  const { signal, release } = interruptOnce();
  const onLine = machineLines(jobs, {});
  const codes = await eachMachine(jobs, { live: false, onLine, signal }).finally(release);
  if (signal.aborted) return EXIT.interrupted;
  const failed = [...codes].filter(([, code]) => code !== 0);
  if (failed.length === 0) return EXIT.ok;
  const terminal = new Terminal();
  const named = failed.map(([name, code]) => (code === null ? name : `${name} (exit code ${code})`));
  terminal.line(terminal.paint("red", `failed on ${failed.length} of ${jobs.length}: ${named.join(", ")}`));
  return EXIT.failed;
}

/** The command line of ssh that reaches a machine where EC2 finds it now. */
export async function sshInvocation(
  outputs: ClusterOutputs,
  machine: Reachable,
  command: readonly string[],
): Promise<Invocation> {
  const key = writeKey(outputs);
  const address = await currentAddress(machine, machine.region ?? outputs.region);
  const { instance_id } = machine;
  const args = sshArguments({ instance_id, address, user: outputs.ssh_user, key, command });
  return { program: "ssh", args };
}

function noMachines(): UserError {
  return new UserError("the local cluster has no machines to log in to: its processes run here", {
    hint: `'${commandLine("logs worker-1 --local")}' shows what one of them says`,
  });
}

/** Who has the key and no right to ask EC2 gets the address of the last deploy, which mostly holds. */
async function currentAddress(machine: Reachable, region: string): Promise<string> {
  // The master's is an Elastic IP, and stays.
  if (machine.role === "master" && machine.public_ip) return machine.public_ip;
  const { findPublicAddress } =
    require("../machines/public-address") as typeof import("../machines/public-address");
  try {
    return await findPublicAddress(machine, region);
  } catch (error) {
    const { public_ip } = machine;
    if (!(error instanceof UserError) || !error.cause || !public_ip) throw error;
    new Terminal().warn(`${error.message}; trying ${public_ip}, which it had when it was deployed`);
    return public_ip;
  }
}

interface SshTarget {
  readonly instance_id: string;
  readonly address: string;
  readonly user: string;
  /** File of the private key. */
  readonly key: string;
  readonly command: readonly string[];
}

export function sshArguments({ instance_id, address, user, key, command }: SshTarget): string[] {
  // The user's own `--` comes along (commander keeps it where options pass through); a second one would reach the shell.
  const remote = command[0] === "--" ? command.slice(1) : command;
  const options = {
    // AWS gives addresses to other machines later, so a host key belongs to the id of the instance.
    HostKeyAlias: instance_id,
    UserKnownHostsFile: `"${join(key, "..", "known_hosts")}"`,
    StrictHostKeyChecking: "accept-new",
    IdentitiesOnly: "yes",
    ServerAliveInterval: "15",
    LogLevel: "ERROR",
  };
  const flags = Object.entries(options).flatMap(([name, value]) => ["-o", `${name}=${value}`]);
  return ["-i", key, ...flags, `${user}@${address}`, ...(remote.length > 0 ? ["--", ...remote] : [])];
}

/** The private key in a file that only the user may read, as ssh demands. */
function writeKey({ cluster_name, private_key }: ClusterOutputs): string {
  const folder = join(projectRoot(), ".cache", cluster_name);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const file = join(folder, "id_rsa");
  writeFileSync(file, private_key.endsWith("\n") ? private_key : `${private_key}\n`, { mode: 0o600 });
  chmodSync(file, 0o600); // the mode above is for a new file only
  return file;
}

function run(program: string, args: readonly string[]): Promise<number> {
  const child = spawn(program, args, { stdio: "inherit" });
  // Ctrl-C belongs to the shell at the other end; the terminal sends it to ssh as well.
  const ignore = () => undefined;
  process.on("SIGINT", ignore);
  return new Promise<number>((resolve, reject) => {
    child.on("error", (error: NodeJS.ErrnoException) => {
      reject(
        error.code === "ENOENT" ? new UserError("'ssh' was not found on the PATH: install OpenSSH") : error,
      );
    });
    child.on("close", (code, signal) => {
      resolve(code ?? 128 + (signal ? constants.signals[signal] : 1));
    });
  }).finally(() => process.off("SIGINT", ignore));
}
