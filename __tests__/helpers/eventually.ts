import { setTimeout as sleep } from "node:timers/promises";

/** Asks until an answer is good, for half a minute at most. */
export async function eventually<T>(
  what: string,
  ask: () => Promise<T>,
  isGood: (answer: T) => boolean,
): Promise<T> {
  const end = performance.now() + 30_000;
  for (;;) {
    const answer = await ask();
    if (isGood(answer)) return answer;
    if (performance.now() > end) throw new Error(`${what}: not within 30 s; last ${JSON.stringify(answer)}`);
    await sleep(100);
  }
}
