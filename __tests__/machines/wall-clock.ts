import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Machine } from "../../simulator/machine";

const LIBRARY = "/opt/libfaketime.so";
const OFFSET = "/run/wall-clock";
const DROP_IN = "/etc/systemd/system/locust-master.service.d/wall-clock.conf";

/** The clock that never goes back is left alone: setting the time does not touch it on a real machine either. */
const UNIT = `[Service]
Environment=LD_PRELOAD=${LIBRARY} FAKETIME_TIMESTAMP_FILE=${OFFSET} FAKETIME_CACHE_DURATION=1 DONT_FAKE_MONOTONIC=1
`;

/** Debian's libfaketime of the host; what it is linked against is older than the guest's. */
function readLibrary(): Buffer {
  for (const folder of readdirSync("/usr/lib")) {
    try {
      return readFileSync(join("/usr/lib", folder, "faketime", "libfaketimeMT.so.1"));
    } catch {
      // Not of this architecture.
    }
  }
  throw new Error(
    "libfaketime was not found: install it with 'apt-get install -y --no-install-recommends libfaketime'",
  );
}

/**
 * The wall clock of a machine's Locust process, which can be set. A machine of the simulator has no clock of its own: the
 * kernel has one for all, and nothing here may set that of the host.
 */
export class WallClock {
  constructor(private readonly machine: Machine) {}

  /** Starts Locust anew with a clock that can be set. */
  async install(): Promise<void> {
    const input = readLibrary().toString("base64");
    await this.run(["sh", "-c", `base64 -d >${LIBRARY}`], input);
    await this.set(0);
    await this.run(["sh", "-c", `mkdir -p ${DROP_IN.replace(/\/[^/]*$/, "")} && cat >${DROP_IN}`], UNIT);
    await this.restart();
  }

  /** Seconds before or after the true time. The process sees it within a second. */
  async set(seconds: number): Promise<void> {
    await this.run(["sh", "-c", `cat >${OFFSET}`], `${seconds < 0 ? "" : "+"}${seconds}\n`);
  }

  async remove(): Promise<void> {
    await this.run(["rm", "-f", DROP_IN, OFFSET, LIBRARY]);
    await this.restart();
  }

  private async restart(): Promise<void> {
    await this.run(["systemctl", "daemon-reload"]);
    await this.run(["systemctl", "restart", "locust-master"]);
  }

  private async run(command: readonly string[], input?: string): Promise<void> {
    const { code, stderr } = await this.machine.exec(command, { input });
    if (code !== 0) throw new Error(`'${command.join(" ")}' failed: ${stderr}`);
  }
}
