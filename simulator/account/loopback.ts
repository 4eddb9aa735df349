import { once } from "node:events";
import { readFileSync } from "node:fs";
import type { IncomingMessage } from "node:http";
import { request } from "node:https";
import { json } from "node:stream/consumers";
import type { Account } from "./account";

interface Answer<T> {
  readonly status: number | undefined;
  readonly document: T;
}

/** What the account answers and sets beyond AWS's API (loopback.py), below `/simulator`. */
async function send<T>(account: Account, method: string, path: string, body?: object): Promise<Answer<T>> {
  const asked = request(`${account.url}/simulator${path}`, { method, ca: readFileSync(account.certificate) });
  asked.end(body && JSON.stringify(body));
  const [answer] = (await once(asked, "response")) as [IncomingMessage];
  return { status: answer.statusCode, document: (await json(answer)) as T };
}

/** The document of a path, or nothing where there is none. */
export async function readAccount<T>(account: Account, path: string): Promise<T | undefined> {
  const { status, document } = await send<T>(account, "GET", path);
  if (status === 404) return undefined;
  if (status !== 200) throw new Error(`the account answered ${status} to ${path}`);
  return document;
}

/** Changes what AWS itself changes: no API can. */
export async function changeAccount(account: Account, path: string, body: object = {}): Promise<void> {
  const { status, document } = await send<{ message?: string }>(account, "PUT", path, body);
  if (status !== 200) throw new Error(document.message ?? `the account answered ${status} to ${path}`);
}
