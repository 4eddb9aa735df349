import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { mkdirSync, readFileSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { stripVTControlCharacters } from "node:util";
import { makeClone } from "../../tools/trials/clone";
import { makeScratch, removeScratch } from "../../tools/trials/scratch";
import { sharedCache } from "../../tools/trials/suite-folder";
import { freePort } from "./local-suite";

export interface Running {
  readonly process: ChildProcess;
  readonly said: () => string;
  readonly ended: Promise<number | null>;
}

/** A clone in which `npm start` begins local clusters, as a user has it: the command line as a process, Locust itself. */
export class NpmStart {
  readonly scratch = makeScratch();
  readonly folder = this.clone("clone");
  /** Of the page. */
  port = 0;
  private readonly started: Running[] = [];

  static async create(): Promise<NpmStart> {
    const made = new NpmStart();
    made.port = await freePort();
    return made;
  }

  /** Makes a clone, which shares the Python of all. Gives its folder. */
  clone(name: string): string {
    const folder = join(this.scratch, name);
    makeClone({ folder, config: "" });
    mkdirSync(join(sharedCache(), ".venv"), { recursive: true });
    symlinkSync(join(sharedCache(), ".venv"), join(folder, ".venv"));
    return folder;
  }

  start(...args: string[]): Running {
    return this.startIn(this.folder, this.port, ...args);
  }

  startIn(folder: string, port: number, ...args: string[]): Running {
    const child = spawn("npm", ["start", "--silent", "--", "--port", String(port), ...args], {
      cwd: folder,
      stdio: ["ignore", "ignore", "pipe"],
    });
    let text = "";
    child.stderr.setEncoding("utf8").on("data", (chunk: string) => (text += chunk));
    const ended = new Promise<number | null>((resolve) => child.on("close", resolve));
    const running = { process: child, said: () => stripVTControlCharacters(text), ended };
    this.started.push(running);
    return running;
  }

  async startUntilReady(...args: string[]): Promise<Running> {
    const running = this.start(...args);
    await until(() => isReady(running) || running.process.exitCode !== null);
    expect(running.said()).toContain(READY);
    return running;
  }

  /** Processes that were started out of the clone. */
  processes(): { pid: number; args: string }[] {
    const lines = execFileSync("ps", ["-axww", "-o", "pid=,args="], { encoding: "utf8" }).split("\n");
    return lines
      .filter((line) => line.includes(this.folder) && !line.includes("ps -axww"))
      .map((line) => ({ pid: Number.parseInt(line), args: line.trim().replace(/^\d+ /, "") }));
  }

  /** The command line itself; npm stands in front of it. */
  commandLine(): number {
    const state = readFileSync(join(this.folder, ".cache", "local", "cluster.json"), "utf8");
    return (JSON.parse(state) as { pid: number }).pid;
  }

  /** Ends everything. */
  async stop(): Promise<void> {
    for (const { process, ended } of this.started) {
      process.kill("SIGTERM");
      await ended;
    }
    removeScratch(this.scratch);
  }
}

const READY = "local cluster is ready";

export function isReady({ said }: Running): boolean {
  return said().includes(READY);
}

/** Until it is so; the time limit of the test ends the wait. */
export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await sleep(100);
}
