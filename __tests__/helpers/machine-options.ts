import type { Account } from "../../simulator/account/account";
import { clientOptions } from "../../simulator/account/clients";
import { instanceCredentials } from "../../simulator/account/instance-credentials";

/** Settings with which a client talks to the emulated account as a machine does, with the keys of its role. */
export async function machineOptions(account: Account, instanceId: string) {
  const session = await instanceCredentials(account, instanceId);
  if (!session) throw new Error(`${instanceId} has no role`);
  const { AccessKeyId: accessKeyId, SecretAccessKey: secretAccessKey, Token: sessionToken } = session;
  return { ...clientOptions(account), credentials: { accessKeyId, secretAccessKey, sessionToken } };
}
