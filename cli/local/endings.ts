/** So many ends of a process within a minute are a crash loop, as on the machines (agent/locust_cluster/service/units.py). */
const LOOP = 3;
const WINDOW_MS = 60_000;

/** Lines about processes that end and restart: one for each end, and for a crash loop one per minute. */
export class Endings {
  private readonly times = new Map<string, number[]>();
  private readonly told = new Map<string, number>();

  constructor(private readonly clock: () => number = Date.now) {}

  /** The line about an end, e.g. of `worker-1`; nothing when the loop was told already. `how` says how it ended. */
  tell(name: string, how: string, log: string): string | undefined {
    const now = this.clock();
    const times = [...(this.times.get(name) ?? []), now].filter((time) => now - time < WINDOW_MS);
    this.times.set(name, times);
    if (times.length < LOOP) return `${name} ${how}; it starts again`;
    if (now - (this.told.get(name) ?? -WINDOW_MS) < WINDOW_MS) return undefined;
    this.told.set(name, now);
    return `${name} keeps ending, ${times.length} times within a minute: the last time it ${how}; its whole output is in ${log}`;
  }
}
