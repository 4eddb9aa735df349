import { spawn } from "node:child_process";
import { constants } from "node:os";
import { cleanEnvironment } from "../../../lib/model/clean-environment";
import { CHOICES } from "../../../lib/model/command-line";
import { onInterrupt } from "../../terminal/signals";
import { INSIDE, runningSimulation, type SimulationRecord } from "./simulation-record";

const HELP = ["--help", "-h", "--version", "-V"];

/** The running simulation, unless the user names another cluster. */
export function simulationFor(
  args: readonly string[],
  env: NodeJS.ProcessEnv = process.env,
): SimulationRecord | undefined {
  if (env[INSIDE] || CHOICES.some((name) => env[name])) return undefined;
  const separator = args.indexOf("--");
  const own = separator < 0 ? args : args.slice(0, separator);
  const isElsewhere = own[0] === "local" || own[0] === "help" || own.includes("--local");
  return isElsewhere || own.some((arg) => HELP.includes(arg)) ? undefined : runningSimulation();
}

/**
 * Runs the same command line in the environment of the simulation, and gives its exit code.
 *
 * In a process of its own: Node reads NODE_EXTRA_CA_CERTS at its start only (nodejs.org/api/cli.html).
 */
export async function runInside(simulation: SimulationRecord, args: readonly string[]): Promise<number> {
  const child = spawn(process.execPath, [process.argv[1]!, ...args], {
    stdio: "inherit",
    env: insideEnvironment(simulation),
  });
  // Ctrl-C in a terminal reaches the child as well, and twice would end it at once; kill reaches us alone.
  const release = onInterrupt((signal) => {
    if (signal !== "SIGINT" || !process.stdin.isTTY) child.kill(signal);
  });
  try {
    return await new Promise((resolve, reject) => {
      child.once("error", reject);
      child.once("close", (code, signal) => {
        resolve(code ?? 128 + (signal ? constants.signals[signal] : 1));
      });
    });
  } finally {
    release();
  }
}

/**
 * Settings of the user's own stay: `LOCUST_CLUSTER_WORKERS_COUNT=3` is for this cluster too.
 *
 * The command knows by INSIDE, whatever the record holds, that it is there already and starts no further one.
 */
export function insideEnvironment(
  { pid, environment }: Pick<SimulationRecord, "pid" | "environment">,
  env: NodeJS.ProcessEnv = process.env,
): NodeJS.ProcessEnv {
  const settings = Object.entries(env).filter(([name]) => name.startsWith("LOCUST_CLUSTER_"));
  return {
    ...cleanEnvironment(env),
    ...environment,
    ...Object.fromEntries(settings),
    [INSIDE]: String(pid),
  };
}
