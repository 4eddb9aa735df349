import { apiError } from "../../../test-runs/master/explain-master";
import type { RunsClient } from "../../../test-runs/master/runs-client";

/** From the last renewal on: Terraform needs a minute or two until the master is gone. */
const SECONDS = 900;
const RENEW_MS = 300_000;

/** Lets no run begin on a master while its runs are saved, nor until Terraform has taken it away (docs/api.md). */
export class Hold {
  private timer: NodeJS.Timeout | undefined;
  /** The master has granted it: it was there. */
  private granted = false;

  constructor(
    private readonly master: RunsClient,
    private readonly reason: string,
  ) {}

  get isTaken(): boolean {
    return this.granted;
  }

  /** Takes or renews it, and goes on renewing. A master of an older version knows no holds. */
  async take(): Promise<void> {
    try {
      await this.master.hold(this.reason, SECONDS);
    } catch (error) {
      if (apiError(error)?.code !== "not_found") throw error;
      return;
    }
    this.granted = true;
    this.timer ??= setInterval(() => {
      this.renew().catch(() => undefined);
    }, RENEW_MS).unref();
  }

  /** Stops renewing: it runs out by itself when nothing is destroyed after all. */
  async leave(): Promise<void> {
    clearInterval(this.timer);
    if (this.isTaken) await this.renew().catch(() => undefined);
  }

  /** Lets runs begin again. A master that does not answer now comes to it by itself. */
  async lift(): Promise<void> {
    clearInterval(this.timer);
    if (this.isTaken) await this.master.liftHold().catch(() => undefined);
  }

  private renew(): Promise<unknown> {
    return this.master.hold(this.reason, SECONDS);
  }
}
