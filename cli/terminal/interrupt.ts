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
