import { join } from "node:path";
import type { Machine } from "../../simulator/machine";

const RUNS = "/var/lib/locust/runs";
const REST = join(RUNS, ".rest");

/** A small disk under the runs of a master: a machine's own is a folder of the host, which nothing here may fill. */
export class SmallDisk {
  constructor(private readonly machine: Machine) {}

  /** Runs that were there are out of sight until it is removed. */
  async mount(megabytes: number): Promise<void> {
    await this.run(`mount -t tmpfs -o size=${megabytes}m runs ${RUNS} && chown locust:locust ${RUNS}`);
  }

  /** To the last byte. */
  async fill(): Promise<void> {
    await this.run(
      `cat /dev/zero >${REST} 2>/dev/null; test "$(df --output=avail ${RUNS} | tail -n 1)" -eq 0`,
    );
  }

  async makeRoom(): Promise<void> {
    await this.run(`rm -f ${REST}`);
  }

  /** Runs that were written to it go on on the machine's own disk. For a moment somebody may read them. */
  async remove(): Promise<void> {
    const attempt = `cp -aT ${RUNS} /var/lib/locust/moved && umount ${RUNS}`;
    await this.run(`for each in $(seq 50); do ${attempt} && exit 0; sleep 0.2; done; exit 1`);
    await this.run(`cp -a /var/lib/locust/moved/. ${RUNS} && rm -r /var/lib/locust/moved`);
  }

  private async run(script: string): Promise<void> {
    const { code, stderr } = await this.machine.exec(["sh", "-c", script]);
    if (code !== 0) throw new Error(`'${script}' failed: ${stderr}`);
  }
}
