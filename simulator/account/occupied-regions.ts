import type { Account } from "./account";
import { readAccount } from "./loopback";

/** A region with instances. */
export interface OccupiedRegion {
  /** A peering connection of one of its VPCs is active. */
  readonly peered: boolean;
}

/** Regions that hold instances, by name: one question for all of them. */
export async function occupiedRegions(account: Account): Promise<Readonly<Record<string, OccupiedRegion>>> {
  return (await readAccount(account, "/regions")) ?? {};
}
