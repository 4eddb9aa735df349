import type { Account } from "./account";
import { changeAccount, readAccount } from "./loopback";

/** What the metadata service tells an instance of its end, by path below `meta-data`. */
export type Notices = Readonly<Record<string, string>>;

/** By the ids of the instances that are told anything. */
export async function allNotices(account: Account): Promise<Readonly<Record<string, Notices>>> {
  return (await readAccount(account, "/notices")) ?? {};
}

/**
 * AWS takes an instance on spot capacity back, after a notice.
 *
 * @param seconds from the notice to the end: two minutes on AWS
 */
export function interruptSpot(account: Account, instanceId: string, seconds = 120): Promise<void> {
  return changeAccount(account, `/instances/${instanceId}/spot-notice`, { seconds });
}

/** AWS says that an instance on spot capacity may be interrupted soon. Nothing follows from it. */
export function recommendRebalance(account: Account, instanceId: string): Promise<void> {
  return changeAccount(account, `/instances/${instanceId}/rebalance-recommendation`);
}

/** EC2's status check fails for an instance whose machine does not answer, or passes again. */
export function setStatusCheck(account: Account, instanceId: string, failing: boolean): Promise<void> {
  return changeAccount(account, `/instances/${instanceId}/status-check`, { failing });
}
