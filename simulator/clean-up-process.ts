/**
 * Waits, as a process of its own, for the end of the simulator that started it, and sweeps if that one could not:
 * when it was killed, or ended by a test runner that asks nobody.
 */
import { SimulatorLock } from "./simulator-lock";
import { cacheFolder } from "./place";
import { sweep } from "./sweep";

async function cleanUp(): Promise<void> {
  const lock = takeLock();
  // The next simulator was faster, and has swept already.
  if (!lock) return;
  await sweep(cacheFolder());
  lock.release();
}

function takeLock(): SimulatorLock | undefined {
  try {
    return new SimulatorLock({ sweeping: true });
  } catch {
    return undefined;
  }
}

// Ends with the simulator, however that ends: the other end of the pipe is then closed.
process.stdin.once("end", () => void cleanUp().then(() => process.exit(0)));
process.stdin.resume();
