import type { Target } from "../../simulator/target";
import type { MasterApi } from "./master-api";
import { type Load, recovery } from "../helpers/recovery";
import { report, until } from "./patience";

interface Second extends Load {
  readonly bySource: ReadonlyMap<string, number>;
  readonly users?: number;
  readonly workers?: number;
  readonly state?: string;
}

/** What the target and the master saw, second by second. */
export class Timeline {
  private readonly seconds: Second[] = [];
  private readonly timer: NodeJS.Timeout;
  private readonly begin = performance.now();
  private before: ReadonlyMap<string, number>;

  constructor(
    private readonly target: Target,
    private readonly master: MasterApi,
    private readonly users: number,
  ) {
    this.before = target.requests();
    this.timer = setInterval(() => void this.look(), 1_000);
  }

  /** Seconds since its start. */
  get now(): number {
    return (performance.now() - this.begin) / 1000;
  }

  /** Waits until the load is at its target. */
  async untilFull(withinSeconds: number, since = 0): Promise<void> {
    await until("the load is at its target", withinSeconds, () => this.recovered(since, 3) !== undefined);
  }

  /** Waits until the load is at its target again, and gives the seconds since a fault in which it was not. */
  async untilBack(title: string, since: number, withinSeconds: number): Promise<number> {
    await until("the load is back", withinSeconds, () => this.recovered(since, 5) !== undefined);
    const seconds = this.recovered(since, 5) ?? Infinity;
    report(`${title}: the load was below its target for the last time ${seconds.toFixed(1)} s after it`);
    return seconds;
  }

  /** Ends it and prints it. */
  stop(title: string): void {
    clearInterval(this.timer);
    report(`${title}: requests at the target, by source; users, worker processes and state at the master`);
    for (const { second, requests, bySource, users, workers, state } of this.seconds) {
      const sources = [...bySource].map(([address, count]) => `${address} ${count}`).join(", ");
      const bar = "#".repeat(Math.round(requests / 10));
      report(
        `${String(second).padStart(4)} s ${String(requests).padStart(5)} ${bar.padEnd(24)} ${users ?? "-"} ${workers ?? "-"} ${state ?? "no answer"}  ${sources}`,
      );
    }
  }

  /** One request a second and user; a second of the target's clock is not quite one of Locust's. */
  private recovered(since: number, heldSeconds: number): number | undefined {
    return recovery(this.seconds, since, this.users * 0.94, heldSeconds);
  }

  private async look(): Promise<void> {
    const now = this.target.requests();
    const counts = [...now].map(
      ([address, count]) => [address, count - (this.before.get(address) ?? 0)] as const,
    );
    const bySource = new Map(counts.filter(([, count]) => count > 0));
    this.before = now;
    const requests = [...bySource.values()].reduce((sum, count) => sum + count, 0);
    const second = Math.round((performance.now() - this.begin) / 1000);
    const statistics = await this.master.statistics();
    this.seconds.push({
      second,
      requests,
      bySource,
      users: statistics?.user_count,
      workers: statistics?.worker_count,
      state: statistics?.state,
    });
  }
}
