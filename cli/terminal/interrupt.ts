import { setTimeout as sleep } from "node:timers/promises";
import { onInterrupt } from "./signals";

export interface Interrupt {
  readonly signal: AbortSignal;
  /** Gives the signals their own way again. */
  readonly release: () => void;
}

/** The first Ctrl-C aborts the signal, so that the command can end in order; the second ends the process at once. */
export function interruptOnce(): Interrupt {
  const controller = new AbortController();
  const release = onInterrupt(() => {
    release();
    controller.abort();
  });
  return { signal: controller.signal, release };
}

/** Waits, or until the signal is aborted. */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal }).catch(() => undefined);
}
