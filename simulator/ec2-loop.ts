import { setTimeout as sleep } from "node:timers/promises";
import type { Account } from "./account/account";
import { allNotices } from "./account/notices";
import { occupiedRegions } from "./account/occupied-regions";
import type { Ec2Region } from "./ec2-region";
import type { RegionLinks } from "./regions/region-links";
import type { SimulatedInstance } from "./simulated-instance";

const POLL_MS = 500;

interface Ec2LoopOptions {
  readonly account: Account;
  /** Makes what follows a region. */
  readonly regionOf: (name: string) => Ec2Region;
  readonly links: RegionLinks;
  readonly onEvent: (line: string) => void;
}

/** Keeps machines and networks of all regions as the account says that they are. */
export class Ec2Loop {
  private readonly regions = new Map<string, Ec2Region>();
  private readonly ending = new AbortController();
  private finished: Promise<void> = Promise.resolve();

  constructor(private readonly options: Ec2LoopOptions) {}

  start(): void {
    this.finished = this.run();
  }

  /** Ends the loop and removes every machine. */
  async stop(): Promise<void> {
    this.ending.abort();
    await this.finished;
    await Promise.all([...this.regions.values()].map((region) => region.remove()));
  }

  /** Machines of instances that are not terminated. */
  get instances(): readonly SimulatedInstance[] {
    return [...this.regions.values()].flatMap(({ instances }) => instances);
  }

  private async run(): Promise<void> {
    const { signal } = this.ending;
    while (!signal.aborted) {
      await this.follow().catch((error: Error) => this.complain(error));
      await sleep(POLL_MS, undefined, { signal }).catch(() => undefined);
    }
  }

  /** One look at the account. */
  private async follow(): Promise<void> {
    const { account, regionOf, links } = this.options;
    const [occupied, notices] = await Promise.all([occupiedRegions(account), allNotices(account)]);
    for (const name of Object.keys(occupied)) {
      if (!this.regions.has(name)) this.regions.set(name, regionOf(name));
    }
    const followed = [...this.regions].filter(
      ([name, { instances }]) => name in occupied || instances.length > 0,
    );
    await Promise.all(
      followed.map(([name, region]) =>
        // One that cannot be followed keeps the others from nothing.
        region.follow(notices, occupied[name]?.peered ?? false).catch((error: Error) => this.complain(error)),
      ),
    );
    const regions = followed.map(([, region]) => region);
    const peerings = regions.flatMap((region) => region.peerings);
    await links.follow({ peerings, vpcs: regions.flatMap((region) => region.vpcs) });
  }

  private complain(error: Error): void {
    if (!this.ending.signal.aborted)
      this.options.onEvent(`the account could not be followed: ${error.message}`);
  }
}
