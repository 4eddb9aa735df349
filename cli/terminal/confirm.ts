import { createInterface } from "node:readline/promises";
import { oneLine } from "../../lib/model/one-line";

/** Somebody sits at the terminal who can answer. */
export function canAsk(): boolean {
  return process.stdin.isTTY && process.stderr.isTTY;
}

/** Asks on stderr; everything but yes is no. */
export async function confirm(question: string): Promise<boolean> {
  const dialogue = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return /^y(es)?$/i.test((await dialogue.question(`${oneLine(question)} [y/N] `)).trim());
  } finally {
    dialogue.close();
  }
}
