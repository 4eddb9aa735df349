import type { Target } from "../../simulator/target";
import type { MasterApi } from "./master-api";
import { type Load, recovery } from "../helpers/recovery";
import { report } from "./patience";

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
  ) {
    this.before = target.requests();
    this.timer = setInterval(() => void this.look(), 1_000);
  }

  /** Seconds since its start. */
  get now(): number {
    return (performance.now() - this.begin) / 1000;
  }

  /** When the rate was below a target for the last time since a moment; undefined if it has not held since. */
  recovered(since: number, rate: number, heldSeconds: number): number | undefined {
    return recovery(this.seconds, since, rate, heldSeconds);
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
