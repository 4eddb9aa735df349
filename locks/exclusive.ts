import { mkdirSync, rmSync, readFileSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

const BEAT_MS = 2_000;
const STALE_MS = 10_000;

interface ExclusiveOptions {
  /** @default - never aborted */
  readonly signal?: AbortSignal;
  /** Called once if another holder makes us wait. @default - nothing */
  readonly onWait?: () => void;
}

/**
 * Runs work while holding a lock file, so that two builds of one thing do not do it twice.
 *
 * For a build the lock only saves work: results are moved into place in one step, so that even two holders do no harm.
 * That is why a lock whose holder died may be taken without further ado. The folder and the ports of a local cluster
 * (`hold`) and Terraform's plugin cache need it: there two holders would disturb each other. It takes a holder that
 * was suspended, since one that works keeps its lock fresh.
 */
export async function exclusively<T>(
  file: string,
  work: () => Promise<T>,
  options: ExclusiveOptions = {},
): Promise<T> {
  const { signal, onWait } = options;
  let release = hold(file);
  if (!release) onWait?.();
  while (!release) {
    await sleep(100, undefined, { signal });
    release = hold(file);
  }
  try {
    return await work();
  } finally {
    release();
  }
}

/** Takes a lock file and keeps it fresh, until the function that it gives is called; nothing when somebody holds it. */
export function hold(file: string): (() => void) | undefined {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  // The first try may only take away the lock of a holder that was killed.
  if (!take(file) && !take(file)) return undefined;
  const beat = setInterval(() => {
    refresh(file);
  }, BEAT_MS);
  beat.unref();
  return () => {
    clearInterval(beat);
    rmSync(file, { force: true });
  };
}

/** Number of the process that holds a lock file; nothing when none does. */
export function holderOf(file: string): number | undefined {
  try {
    return isStale(file) ? undefined : Number(readFileSync(file, "utf8")) || undefined;
  } catch {
    return undefined;
  }
}

/** Also restores a file that a cleaner of temporary files removed. */
function refresh(file: string): void {
  try {
    utimesSync(file, new Date(), new Date());
  } catch {
    take(file);
  }
}

function take(file: string): boolean {
  try {
    writeFileSync(file, String(process.pid), { flag: "wx" });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    if (isStale(file)) rmSync(file, { force: true });
    return false;
  }
}

function isStale(file: string): boolean {
  try {
    return Date.now() - statSync(file).mtimeMs > STALE_MS || !isAlive(Number(readFileSync(file, "utf8")));
  } catch {
    return false; // released between two looks
  }
}

/** Whether a process of this number runs on this computer. */
export function isAlive(pid: number): boolean {
  if (!(pid > 0)) return true; // just created, not yet written
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
