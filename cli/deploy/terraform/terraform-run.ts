import { spawn } from "node:child_process";
import { closeSync, mkdirSync, openSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { stripVTControlCharacters } from "node:util";
import type { UserError } from "../../../lib/model/user-error";
import { onInterrupt } from "../../terminal/signals";
import type { Terminal } from "../../terminal/terminal";
import { CapacityWatch } from "./capacity-watch";
import { LogFollower } from "./follow-log";
import { followProvider, logProvider, removeProviderLog } from "./provider-log";
import { ResourceProgress } from "./resource-progress";
import { forgetInitialization } from "./stack";
import { explainLock, LOCK_TIMEOUT } from "./state-lock";
import { terraformEnvironment, terraformProgram } from "./terraform";
import { TerraformOutput } from "./terraform-output";
import {
  clusterFolder,
  findRunning,
  isRunning,
  readRecord,
  recordFile,
  type TerraformRecord,
} from "./terraform-record";

interface TerraformRunOptions {
  readonly command: "deploy" | "destroy";
  /** Name of the cluster. */
  readonly cluster: string;
  /** Folder of its stack, initialized. */
  readonly stack: string;
  /** Passed on to Terraform as they are. */
  readonly extraArgs: readonly string[];
  readonly terminal: Terminal;
  /** Show every resource instead of a count. @default false */
  readonly verbose?: boolean;
}

interface TerraformResult {
  /** Exit code of Terraform; null when somebody killed it, or when we no longer watch it. */
  readonly code: number | null;
  /** Why we left it before its end, if we did. */
  readonly left?: "interrupted" | "hung up";
  /** What to do when it failed of a lock on the state. */
  readonly locked?: UserError;
  /** File with everything that Terraform said. */
  readonly log: string;
}

const LOOK_EVERY_MS = 100;

/** Which resource called our own command says nothing to somebody who sees what the command says. */
const LOCAL_EXEC = /^\S+ \(local-exec\): /;

/** Runs Terraform so that it outlives us, shows what matters of its output and keeps all of it in a log. */
export async function runTerraform(options: TerraformRunOptions): Promise<TerraformResult> {
  const { command, stack, terminal } = options;
  const record = await start(options);
  const result = await follow(record, options, (signal, times) => {
    // A closed terminal is no reason to stop half-way: Terraform ends its work, and the next command shows it.
    if (signal === "SIGHUP") return "hung up";
    if (times > 1)
      terminal.line("Terraform is stopping cleanly, so that its state stays correct: please wait");
    else {
      terminal.line(`interrupted: Terraform finishes what it has begun, then stops this ${command}`);
      process.kill(record.pid, "SIGINT");
    }
    return undefined;
  });
  if (result.code === 0) return result;
  forgetInitialization(stack);
  return { ...result, locked: explainLock(readFileSync(result.log, "utf8"), stack) };
}

/** Waits for a Terraform that an earlier command left running on this cluster, and shows its output. */
export async function awaitRunning(
  cluster: string,
  terminal: Terminal,
  verbose?: boolean,
): Promise<TerraformResult | undefined> {
  const running = findRunning(cluster);
  if (!running) return undefined;
  terminal.line(`${describeRunning(cluster, running)}: waiting for it to end (Ctrl-C stops waiting)`);
  return follow(running, { cluster, terminal, verbose }, (signal) =>
    signal === "SIGHUP" ? "hung up" : "interrupted",
  );
}

/** `a deploy of cluster 'shop' is under way since 11:02:03 (process 4711)`. */
export function describeRunning(cluster: string, { command, started, pid }: TerraformRecord): string {
  const time = new Date(started).toLocaleTimeString("en-GB");
  return `a ${command} of cluster '${cluster}' is under way since ${time} (process ${pid})`;
}

async function start(options: TerraformRunOptions): Promise<TerraformRecord> {
  const { command, cluster, stack, extraArgs } = options;
  const folder = clusterFolder(cluster);
  mkdirSync(folder, { recursive: true });
  const log = join(folder, `${command}.log`);
  const env = { ...(await terraformEnvironment()), ...(command === "deploy" && logProvider({ log })) };
  const output = openSync(log, "w");
  const verb = command === "deploy" ? "apply" : "destroy";
  const terraform = [terraformProgram(), verb, "-auto-approve", "-input=false", "-no-color"];
  const file = recordFile(cluster);
  // A session of its own: neither Ctrl-C nor a closed terminal reaches it.
  const child = spawn(
    process.execPath,
    [
      join(__dirname, "terraform-supervisor.js"),
      ...[file, command, log, ...terraform, `-lock-timeout=${LOCK_TIMEOUT}`, ...extraArgs],
    ],
    { cwd: stack, detached: true, stdio: ["ignore", output, output], env },
  );
  closeSync(output);
  for (;;) {
    const record = readRecord(file);
    if (record && record.pid === child.pid) return record;
    if (child.exitCode !== null || child.pid === undefined)
      throw new Error(`Terraform was not started: ${readFileSync(log, "utf8").slice(-2000)}`);
    await sleep(10);
  }
}

type OnSignal = (signal: NodeJS.Signals, times: number) => TerraformResult["left"];

async function follow(
  record: TerraformRecord,
  { cluster, terminal, verbose }: Pick<TerraformRunOptions, "cluster" | "terminal" | "verbose">,
  onSignal: OnSignal,
): Promise<TerraformResult> {
  const { log } = record;
  const resources = verbose ? undefined : new ResourceProgress(terminal);
  const output = new TerraformOutput((line) => {
    if (resources?.take(line)) return;
    terminal.line(`  ${verbose ? line : line.replace(LOCAL_EXEC, "")}`);
    resources?.redraw();
  });
  const follower = new LogFollower(log);
  const calls = followProvider(record);
  const capacity = new CapacityWatch((sentence) => {
    terminal.warn(sentence);
  });
  let times = 0;
  let left: TerraformResult["left"];
  const release = onInterrupt((signal) => {
    times += 1;
    left ??= onSignal(signal, times);
  });
  try {
    for (;;) {
      const present = readRecord(recordFile(cluster)) ?? record;
      const isOver = present.pid !== record.pid || !isRunning(present);
      // Read after the look, to show everything from before the end.
      output.push("stdout", follower.read());
      if (calls) capacity.push(calls.read());
      if (isOver) return finish(present.pid === record.pid ? present.code : null);
      if (left) return { code: null, left, log };
      resources?.show();
      await sleep(LOOK_EVERY_MS);
    }
  } finally {
    release();
    follower.close();
    calls?.close();
  }

  function finish(code: number | null): TerraformResult {
    output.end();
    terminal.erase();
    removeProviderLog(record);
    if (times > 0) return { code, left: "interrupted", log };
    if (code !== 0 && !output.sawError) showTail(log, terminal);
    return { code, log };
  }
}

/** For a failure in words that the filter does not know. */
function showTail(log: string, terminal: Terminal): void {
  const lines = stripVTControlCharacters(readFileSync(log, "utf8"))
    .split("\n")
    .filter((line) => line.trim() !== "");
  for (const line of lines.slice(-20)) terminal.line(`  ${line}`);
}
