import { UserError } from "../../lib/model/user-error";

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/**
 * Runs work that leaves nothing half-made: on Ctrl-C its children end first and its `finally` blocks run.
 *
 * Only then does the process end, as it would have without us; a caller with handlers of its own decides for itself.
 */
export async function interruptible<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController();
  let received: NodeJS.Signals | undefined;
  const onSignal = (name: NodeJS.Signals) => {
    received ??= name;
    controller.abort(new UserError("interrupted"));
  };
  for (const name of SIGNALS) process.on(name, onSignal);
  try {
    return await work(controller.signal);
  } finally {
    for (const name of SIGNALS) process.off(name, onSignal);
    if (received && process.listenerCount(received) === 0) process.kill(process.pid, received);
  }
}
