import { spawn, type ChildProcess } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import type { Guard } from "./guard";

/** As RestartSec of the units on the machines. */
const RESTART_MS = 2000;
/** A process that has not ended by then is killed. */
const STOP_MS = 5000;

interface ServiceOptions {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  /** File for stdout and stderr; of the latest cluster only. */
  readonly log: string;
  readonly guard: Guard;
  /** Called when the process has ended and was not asked to. */
  readonly onExit: (service: Service, pid: number | undefined, exit: Exit) => void;
}

export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** A process that is started again when it dies, as systemd does it on the machines. */
export class Service {
  readonly name: string;
  private child: ChildProcess | undefined;
  private ended: Promise<void> = Promise.resolve();
  private restartTimer: NodeJS.Timeout | undefined;
  private stopping = false;
  private starts = 0;

  constructor(private readonly options: ServiceOptions) {
    this.name = options.name;
  }

  get pid(): number | undefined {
    return this.child?.pid;
  }

  start(): void {
    const { command, args, env, log, guard } = this.options;
    this.stopping = false;
    const file = openSync(log, this.starts === 0 ? "w" : "a");
    this.starts += 1;
    // A process group of its own: Ctrl-C reaches us alone, and its helpers end with it.
    const child = spawn(command, args, { env, detached: true, stdio: ["ignore", file, file] });
    closeSync(file);
    this.child = child;
    if (child.pid) guard.add(child.pid);
    this.ended = new Promise((resolve) => {
      child.once("error", () => {
        this.finish(child, { code: 127, signal: null });
        resolve();
      });
      child.once("exit", (code, signal) => {
        this.finish(child, { code, signal });
        resolve();
      });
    });
  }

  /** Ends the process and its children: first asks, then kills. */
  async stop(): Promise<void> {
    this.stopping = true;
    clearTimeout(this.restartTimer);
    const pid = this.child?.pid;
    if (!pid) return;
    signalGroup(pid, "SIGTERM");
    const killer = setTimeout(() => {
      signalGroup(pid, "SIGKILL");
    }, STOP_MS);
    await this.ended;
    clearTimeout(killer);
  }

  private finish(child: ChildProcess, exit: Exit): void {
    if (this.child !== child) return;
    this.child = undefined;
    if (child.pid) {
      signalGroup(child.pid, "SIGKILL"); // what it may have left behind
      this.options.guard.remove(child.pid);
    }
    if (this.stopping) return;
    this.restartTimer = setTimeout(() => {
      this.start();
    }, RESTART_MS);
    this.options.onExit(this, child.pid, exit);
  }
}

function signalGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch {
    // The group has ended already.
  }
}
