import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { attempt, runOnHost } from "./host-command";
import { PREFIX } from "./place";

/** Mounted disks of this and of earlier simulators. */
export function mountedDisks(): Disk[] {
  return readFileSync("/proc/self/mounts", "utf8")
    .split("\n")
    .map((line) => line.split(" "))
    .filter(([source, , type]) => type === "overlay" && source?.startsWith(`${PREFIX}-`))
    .map(([, mountpoint = ""]) => new Disk(dirname(mountpoint), basename(dirname(mountpoint))));
}

/** A machine's disk: the image below, what the machine writes above. It survives reboots and stops. */
export class Disk {
  readonly root: string;

  constructor(
    readonly folder: string,
    private readonly name: string,
  ) {
    this.root = join(folder, "root");
  }

  async create(imageRoot: string, files: Readonly<Record<string, string>>): Promise<void> {
    const [upper, work] = [join(this.folder, "upper"), join(this.folder, "work")];
    for (const folder of [upper, work, this.root]) mkdirSync(folder, { recursive: true });
    const layers = `lowerdir=${imageRoot},upperdir=${upper},workdir=${work}`;
    await runOnHost("mount", ["-t", "overlay", this.name, "-o", layers, this.root]);
    for (const [file, text] of Object.entries(files)) {
      mkdirSync(dirname(join(this.root, file)), { recursive: true });
      writeFileSync(join(this.root, file), text);
    }
  }

  async remove(): Promise<void> {
    rmSync(this.lock(), { force: true });
    // Lazily: a process that still looks at it must not keep the disk.
    await attempt("umount", ["--lazy", this.root]);
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** systemd-nspawn locks the folder that it boots, and leaves the lock behind. */
  private lock(): string {
    const { dev, ino } = statSync(this.root);
    return `/run/systemd/nspawn/locks/inode-${dev}:${ino}`;
  }
}
