import type { Target } from "../../simulator/target";
import type { MasterApi } from "./master-api";
import { report } from "./patience";

interface Second {
  readonly second: number;
  readonly requests: number;
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
    const after = this.seconds.filter(({ second }) => second > since);
    // Requests that come a moment late are counted in the next second: 181 and then 219 is 200 all the time.
    const withNext = (index: number) => {
      const [now, next] = [after[index]?.requests ?? 0, after[index + 1]?.requests ?? 0];
      return Math.max(now, (now + next) / 2);
    };
    const low = after.filter((_, index) => withNext(index) < rate).at(-1);
    const last = after.at(-1)?.second ?? since;
    const recovery = low?.second ?? since;
    return last - recovery >= heldSeconds ? recovery - since : undefined;
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
