import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Command } from "commander";
import type { ClusterOutputs } from "../../lib/model/outputs";
import { UserError } from "../../lib/model/user-error";
import { AGENT_UNIT, MASTER_UNIT, WORKER_UNIT, type Role } from "../../protocol/generated/constants";
import { findCluster, type ClusterChoice } from "../cluster/chosen-cluster";
import { chooseMembers } from "../machines/choose-member";
import { ALL, eachMachine, type MachineJob } from "../machines/each-machine";
import { machineLines } from "../machines/machine-lines";
import { nodeNames } from "../local/local-plan";
import { localFolder, type RunningCluster } from "../local/running-cluster";
import { EXIT } from "../terminal/exit-codes";
import { interruptOnce } from "../terminal/interrupt";
import type { CommandResult } from "./definition/command-result";
import { examples, whichCluster, parseWholeNumber, withJson, type JsonOption } from "./definition/options";
import { sshInvocation } from "./ssh";

interface LogsOptions extends ClusterChoice, JsonOption {
  /** @default false */
  readonly follow?: boolean;
  readonly lines: number;
}

/** Options and action of `locust-cluster logs`. */
export function define(command: Command, result: CommandResult): void {
  examples(withJson(whichCluster(command)), [
    "npx locust-cluster logs worker-1",
    "npx locust-cluster logs all --follow",
  ])
    .argument("[machine]", "master, worker-1, …, the id of an instance, or all", "master")
    .option("-f, --follow", "keep printing as the log grows")
    .option("-n, --lines <count>", "number of past lines", parseWholeNumber(0, 1_000_000), 100)
    .action(async (machine: string, options: LogsOptions) => {
      result.code = await logs(machine, options);
    });
}

/** Prints the log of a machine, or of all: of Locust and of the agent beside it. */
export async function logs(machine: string, options: LogsOptions): Promise<number> {
  const cluster = await findCluster(options);
  cluster.client.close();
  const { outputs, local } = cluster;
  const jobs = outputs ? await machineJobs(outputs, machine, options) : processJobs(local!, machine, options);
  const { signal, release } = interruptOnce();
  try {
    const codes = await eachMachine(jobs, {
      // A log of one machine is shown as it comes, however long it is.
      live: options.follow === true || jobs.length === 1,
      onLine: machineLines(jobs, options),
      signal,
    });
    // Ctrl-C is how one leaves a log that is followed: no error.
    if (signal.aborted) return options.follow ? EXIT.ok : EXIT.interrupted;
    return [...codes.values()].every((code) => code === 0) ? EXIT.ok : EXIT.failed;
  } finally {
    release();
  }
}

async function machineJobs(
  outputs: ClusterOutputs,
  machine: string,
  options: LogsOptions,
): Promise<MachineJob[]> {
  const machines = await chooseMembers(outputs, machine);
  return machines.map((node) => ({
    machine: node.name,
    invocation: () =>
      sshInvocation(outputs, node, ["sudo", "journalctl", ...journalArguments(node.role, options)]),
  }));
}

function processJobs({ workers }: RunningCluster, machine: string, options: LogsOptions): MachineJob[] {
  const all = nodeNames({ workers });
  const names = machine === ALL ? all : [machine];
  return names.map((name) => {
    const file = join(localFolder(), `${name}.log`);
    if (![...all, "target"].includes(name) || !existsSync(file)) {
      throw new UserError(`the local cluster has no process '${name}'`, {
        hint: `choose one of target, ${all.join(", ")}, or ${ALL}`,
      });
    }
    return { machine: name, invocation: () => ({ program: "tail", args: tailArguments(file, options) }) };
  });
}

function tailArguments(file: string, { follow, lines }: LogsOptions): string[] {
  // -F: the file is replaced when the cluster is started again.
  return ["-n", String(lines), ...(follow ? ["-F"] : []), file];
}

/** Quoted for the shell at the other end. */
function journalArguments(role: Role, { follow, lines }: LogsOptions): string[] {
  const unit = role === "master" ? MASTER_UNIT : `'${WORKER_UNIT}*'`;
  const rest = ["-u", AGENT_UNIT, "--no-pager", "-o", "short-iso", "-n", String(lines)];
  return ["-u", unit, ...rest, ...(follow ? ["-f"] : [])];
}
