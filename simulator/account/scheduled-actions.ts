import type { Account } from "./account";
import { changeAccount } from "./loopback";

/** All scheduled actions of Auto Scaling happen so much earlier: a test cannot wait for minutes. */
export function bringForward(account: Account, seconds: number): Promise<void> {
  return changeAccount(account, "/scheduled-actions", { seconds });
}
