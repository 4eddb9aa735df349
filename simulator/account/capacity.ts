import type { Account } from "./account";
import { changeAccount } from "./loopback";

type Market = "spot" | "on-demand";

/** What AWS has no machine of. Where a property is not given, it holds for all. */
interface Lack {
  readonly zone?: string;
  readonly instanceType?: string;
  readonly market?: Market;
}

interface Capacity {
  /** @default [] */
  readonly lacks?: readonly Lack[];
  /** Quotas of standard instances that run in a region. @default {}: there are none */
  readonly vcpus?: Readonly<Partial<Record<Market, number>>>;
  /** Whether the account may make requests of EC2 Fleet, as groups with several types do: some new ones may not. @default true */
  readonly fleetRequests?: boolean;
  /**
   * Why EC2 ends each new instance before it runs: code and message of its StateReason, such as
   * `Client.VolumeLimitExceeded: Volume limit exceeded`.
   *
   * @default - it runs
   */
  readonly endsAtLaunch?: string;
}

/** From now on AWS has this capacity, in the place of what was said before. */
export function setCapacity(account: Account, capacity: Capacity): Promise<void> {
  const { lacks = [], vcpus = {}, fleetRequests = true, endsAtLaunch } = capacity;
  return changeAccount(account, "/capacity", { lacks, vcpus, fleetRequests, endsAtLaunch });
}
