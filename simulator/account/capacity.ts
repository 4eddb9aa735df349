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
}

/** From now on AWS has this capacity, in the place of what was said before. */
export function setCapacity(account: Account, { lacks = [], vcpus = {} }: Capacity): Promise<void> {
  return changeAccount(account, "/capacity", { lacks, vcpus });
}
