import { spawn, type ChildProcess } from "node:child_process";
import { closeSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { attempt, type HostCommandOptions, type HostCommandResult } from "./host-command";
import { ControlGroup } from "./control-group";
import { Disk } from "./disk";
import type { Image } from "./image";
import { setCable, unwire, wire, type Wiring } from "./namespace";

/** systemd-nspawn's exit code for a guest that asked for a reboot. */
const REBOOTED = 133;
/** AWS gives a guest minutes to shut down before it pulls the plug. */
const SHUTDOWN_MS = 30_000;

interface SimulatedMachineOptions {
  readonly wiring: Wiring;
  readonly image: Image;
  /** Holds the machine's disk and console. */
  readonly folder: string;
  /** Files on the disk before the first boot. */
  readonly files: Readonly<Record<string, string>>;
}

/** One booted EC2 instance: a Debian with systemd of its own in its own namespaces. */
export class Machine {
  readonly name: string;
  readonly privateIp: string;
  /** Processors of the host that the machine may use from its next boot on, e.g. `0-1`. */
  processors = "0";
  /** Called when the guest powered itself off. */
  onPowerOff: () => void = () => undefined;

  private readonly disk: Disk;
  private readonly group: ControlGroup;
  private nspawn?: ChildProcess;
  private stopping = false;
  private unplugged = false;

  private constructor(private readonly options: SimulatedMachineOptions) {
    this.name = options.wiring.name;
    this.privateIp = options.wiring.privateIp;
    this.disk = new Disk(options.folder, this.name);
    this.group = new ControlGroup(this.name);
  }

  /** Makes disk and wires; the machine is off. */
  static async create(options: SimulatedMachineOptions): Promise<Machine> {
    const machine = new Machine(options);
    await machine.disk.create(options.image.root, options.files);
    await wire(options.wiring);
    // cloud-init looks for Xen's identity of EC2 before it asks the metadata service.
    mkdirSync(join(options.folder, "hypervisor"), { recursive: true });
    writeFileSync(join(options.folder, "hypervisor", "uuid"), "ec2e1916-9099-7caf-fd21-012345abcdef\n");
    return machine;
  }

  get running(): boolean {
    return this.nspawn !== undefined;
  }

  /** Without having been asked to shut down. */
  get hasLostPower(): boolean {
    return this.unplugged && !this.running;
  }

  get consoleLog(): string {
    return join(this.options.folder, "console.log");
  }

  boot(): void {
    this.stopping = false;
    this.unplugged = false;
    this.group.create();
    const console = openSync(this.consoleLog, "a");
    // The shell joins the machine's control group before it becomes nspawn: without one of their own, machines share one
    // and end each other's services.
    const joinGroup = 'echo $$ > "$1/cgroup.procs"; shift; exec systemd-nspawn "$@"';
    const child = spawn("sh", ["-c", joinGroup, "boot", this.group.folder, ...this.nspawnArguments()], {
      env: {
        ...process.env,
        SYSTEMD_NSPAWN_UNIFIED_HIERARCHY: "1",
        SYSTEMD_NSPAWN_API_VFS_WRITABLE: "network",
      },
      stdio: ["ignore", console, console],
      detached: true,
    });
    closeSync(console);
    this.nspawn = child;
    child.once("exit", (code) => void this.stopped(child, code));
  }

  /** Runs a command inside, as root. */
  exec(command: readonly string[], options: HostCommandOptions = {}): Promise<HostCommandResult> {
    const leader = this.leader();
    if (leader === undefined)
      return Promise.resolve({ code: 255, stdout: "", stderr: `${this.name} is off` });
    const clean = [
      "env",
      "-i",
      "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
      "HOME=/root",
      "LANG=C.UTF-8",
    ];
    const namespaces = ["-t", String(leader), "-m", "-u", "-i", "-n", "-p", "-C", "-r", "-w"];
    return attempt("nsenter", [...namespaces, ...clean, ...command], { timeoutMs: 30_000, ...options });
  }

  /** Asks the guest to restart, as EC2's reboot does. */
  async reboot(): Promise<void> {
    await this.exec(["systemctl", "reboot"]);
  }

  /** Asks the guest to shut down, and pulls the plug if it does not. */
  async shutDown(): Promise<void> {
    this.stopping = true;
    await this.exec(["systemctl", "poweroff"]);
    for (let waited = 0; waited < SHUTDOWN_MS && this.running; waited += 100) await sleep(100);
    await this.end();
  }

  /** Cuts the power. */
  async pullPlug(): Promise<void> {
    this.unplugged = true;
    await this.end();
  }

  /** Cuts the network, or restores it. */
  async setNetwork(connected: boolean): Promise<void> {
    await setCable(this.name, connected);
  }

  /** Ends it and removes all that belongs to it. */
  async remove(): Promise<void> {
    await this.end();
    await unwire(this.name, this.privateIp);
    await this.disk.remove();
    rmSync(join("/run/systemd/nspawn/propagate", this.name), { recursive: true, force: true });
  }

  /** A file of the guest; also when it is off. */
  read(file: string): string | undefined {
    try {
      return readFileSync(join(this.disk.root, file), "utf8");
    } catch {
      return undefined;
    }
  }

  private async end(): Promise<void> {
    this.stopping = true;
    await this.group.remove();
    while (this.running) await sleep(20);
  }

  private nspawnArguments(): string[] {
    return [
      "--boot",
      "--directory",
      this.disk.root,
      "--machine",
      this.name,
      "--register=no",
      "--keep-unit",
      `--network-namespace-path=/run/netns/${this.name}`,
      "--resolv-conf=off",
      "--timezone=off",
      "--link-journal=no",
      "--console=pipe",
      `--cpu-affinity=${this.processors}`,
      `--bind-ro=${join(this.options.folder, "hypervisor")}:/sys/hypervisor`,
    ];
  }

  /** The guest's first process, as the host sees it. */
  private leader(): number | undefined {
    const pid = this.nspawn?.pid;
    if (pid === undefined) return undefined;
    try {
      const [leader] = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim().split(" ");
      return leader ? Number(leader) : undefined;
    } catch {
      return undefined;
    }
  }

  private async stopped(child: ChildProcess, code: number | null): Promise<void> {
    if (this.nspawn !== child) return;
    if (this.stopping) {
      this.nspawn = undefined;
      return;
    }
    await this.group.remove();
    this.nspawn = undefined;
    if (code === REBOOTED) this.boot();
    else this.onPowerOff();
  }
}
