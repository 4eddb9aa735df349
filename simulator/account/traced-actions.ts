import { readFileSync } from "node:fs";
import { request } from "node:https";
import { json } from "node:stream/consumers";
import type { IncomingMessage } from "node:http";
import { once } from "node:events";
import type { Account } from "./account";

/** An action that somebody asked for. */
export interface TracedAction {
  readonly action: string;
  readonly resource: string;
  readonly allowed: boolean;
  /** Ids of the statements that allowed it. */
  readonly statements: readonly string[];
}

/** What a caller has asked of IAM since the account began. */
export async function tracedActions({ url, certificate }: Account, caller: string): Promise<TracedAction[]> {
  const asked = request(`${url}/simulator/actions?caller=${encodeURIComponent(caller)}`, {
    ca: readFileSync(certificate),
  }).end();
  const [answer] = (await once(asked, "response")) as [IncomingMessage];
  return (await json(answer)) as TracedAction[];
}
