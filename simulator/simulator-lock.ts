import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { UserError } from "../lib/model/user-error";
import { RUN_FOLDER } from "./place";

const SWEEP_MS = 20_000;

interface Holder {
  readonly pid: number;
  /** It only clears away what another one left, and ends soon. */
  readonly sweeping: boolean;
}

interface LockOptions {
  /** @default - the host's run folder */
  readonly folder?: string;
  /** @default false */
  readonly sweeping?: boolean;
}

/** Start time of a process in clock ticks, which tells it from a later one with the same id; undefined if none runs. */
function startTime(pid: number): string | undefined {
  try {
    // The name, in parentheses, may hold spaces: count fields after it.
    const [state, ...fields] = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ").pop()?.split(" ") ?? [];
    // A zombie holds nothing any more.
    return state === "Z" ? undefined : fields[18];
  } catch {
    return undefined;
  }
}

function holderOf(file: string): Holder | undefined {
  try {
    const [pid = "", started, sweeping] = readFileSync(file, "utf8").split(" ");
    if (startTime(Number(pid)) !== started) return undefined;
    return { pid: Number(pid), sweeping: sweeping === "sweeping" };
  } catch {
    return undefined;
  }
}

/** One simulator per host: the names it gives to namespaces and control groups are fixed. */
export class SimulatorLock {
  private readonly file: string;

  constructor({ folder = RUN_FOLDER, sweeping = false }: LockOptions = {}) {
    mkdirSync(folder, { recursive: true });
    this.file = join(folder, "lock");
    const holder = holderOf(this.file);
    if (holder) {
      throw new UserError(`a simulator is already running on this host, as process ${holder.pid}`, {
        hint: `stop it with Ctrl-C in its terminal or 'kill ${holder.pid}'`,
      });
    }
    rmSync(this.file, { force: true });
    const own = [process.pid, startTime(process.pid), ...(sweeping ? ["sweeping"] : [])];
    writeFileSync(this.file, own.join(" "), { flag: "wx" });
  }

  /** The lock, as soon as the remains of an earlier simulator are cleared away. */
  static async take(folder: string = RUN_FOLDER): Promise<SimulatorLock> {
    for (let waited = 0; waited < SWEEP_MS && holderOf(join(folder, "lock"))?.sweeping; waited += 100) {
      await sleep(100);
    }
    return new SimulatorLock({ folder });
  }

  release(): void {
    rmSync(this.file, { force: true });
  }
}
