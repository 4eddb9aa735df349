import { existsSync, mkdirSync, readFileSync, readdirSync, rmdirSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { PREFIX } from "./place";

/** Root of control groups version 2, which hosts of both kinds have: alone, or beside version 1. */
function root(): string {
  return (
    ["/sys/fs/cgroup/unified", "/sys/fs/cgroup"].find((folder) => existsSync(join(folder, "cgroup.procs"))) ??
    ""
  );
}

function removeTree(folder: string): void {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (entry.isDirectory()) removeTree(join(folder, entry.name));
  }
  rmdirSync(folder);
}

/** A group of processes that can be ended at once, whatever they started. */
export class ControlGroup {
  readonly folder: string;

  constructor(name: string) {
    this.folder = join(root(), name);
  }

  /** Groups of this and of earlier simulators. */
  static all(): ControlGroup[] {
    return readdirSync(root())
      .filter((name) => name === PREFIX || name.startsWith(`${PREFIX}-`))
      .map((name) => new ControlGroup(name));
  }

  /** The group that a process is in now. */
  static of(pid: number): ControlGroup {
    const path = readFileSync(`/proc/${pid}/cgroup`, "utf8").match(/^0::\/?(.*)$/m)?.[1] ?? "";
    return new ControlGroup(path);
  }

  create(): void {
    mkdirSync(this.folder, { recursive: true });
  }

  /** Moves a process in; what it starts later belongs to the group too. */
  adopt(pid: number): void {
    writeFileSync(join(this.folder, "cgroup.procs"), String(pid));
  }

  /** Ends every process and removes the group: what is left of it would kill the services of a machine's next boot. */
  async remove(): Promise<void> {
    if (!existsSync(this.folder)) return;
    writeFileSync(join(this.folder, "cgroup.kill"), "1");
    for (let tries = 0; tries < 200 && this.isPopulated(); tries++) await sleep(25);
    removeTree(this.folder);
    // On a host that has both versions nspawn makes a group of its own among systemd's.
    const twin = join("/sys/fs/cgroup/systemd", basename(this.folder));
    if (existsSync(twin)) removeTree(twin);
  }

  private isPopulated(): boolean {
    return readFileSync(join(this.folder, "cgroup.events"), "utf8").includes("populated 1");
  }
}
