import { readFileSync } from "node:fs";
import type { Account } from "../../simulator/account/account";

const LINE = /^throttled: (\w+) in \S+, attempt=(\d+)/gm;

interface Throttled {
  readonly calls: number;
  /** The most attempts that one call needed. */
  readonly attempts: number;
}

/** What AWS has refused so far, by action. */
export function throttled({ logFile }: Account): ReadonlyMap<string, Throttled> {
  const found = new Map<string, Throttled>();
  for (const [, action = "", attempt] of readFileSync(logFile, "utf8").matchAll(LINE)) {
    const { calls, attempts } = found.get(action) ?? { calls: 0, attempts: 1 };
    found.set(action, { calls: calls + 1, attempts: Math.max(attempts, Number(attempt) + 1) });
  }
  return found;
}

export function throttledCalls(account: Account): number {
  return [...throttled(account).values()].reduce((total, { calls }) => total + calls, 0);
}
