import type { Account } from "./account";
import { readAccount } from "./loopback";

/** An action that somebody asked for. */
export interface TracedAction {
  readonly action: string;
  readonly resource: string;
  readonly allowed: boolean;
  /** Ids of the statements that allowed it. */
  readonly statements: readonly string[];
}

/** What a caller has asked of IAM since the account began. */
export async function tracedActions(account: Account, caller: string): Promise<readonly TracedAction[]> {
  return (await readAccount(account, `/actions?caller=${encodeURIComponent(caller)}`)) ?? [];
}
