import { setTimeout as sleep } from "node:timers/promises";

/**
 * Waits until a question is answered with yes, and gives the seconds that it took.
 *
 * @param seen what the error says about the last answer
 */
export async function until(
  what: string,
  withinSeconds: number,
  question: () => Promise<boolean> | boolean,
  seen: () => string = () => "",
): Promise<number> {
  const begin = performance.now();
  const elapsed = () => (performance.now() - begin) / 1000;
  while (elapsed() < withinSeconds) {
    if (await question()) return elapsed();
    await sleep(250);
  }
  throw new Error([`${what}: not within ${withinSeconds} s`, seen()].filter(Boolean).join("; "));
}

/** A line of progress. */
export function report(line: string): void {
  process.stderr.write(`    ${line}\n`);
}
