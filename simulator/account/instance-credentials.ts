import type { RoleCredentials } from "../metadata-document";
import type { Account } from "./account";
import { readAccount } from "./loopback";

/** A fresh session of the instance's role, or nothing when it has none that EC2 may assume. */
export function instanceCredentials(
  account: Account,
  instanceId: string,
): Promise<RoleCredentials | undefined> {
  return readAccount(account, `/instances/${instanceId}/credentials`);
}
