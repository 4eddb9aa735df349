const INTERRUPTS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/**
 * Calls back on Ctrl-C, `kill`, and when the terminal closes, instead of ending the process. Returns what takes it back.
 */
export function onInterrupt(callback: (signal: NodeJS.Signals) => void): () => void {
  for (const signal of INTERRUPTS) process.on(signal, callback);
  return () => {
    for (const signal of INTERRUPTS) process.off(signal, callback);
  };
}
