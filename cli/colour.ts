import { randomInt } from "node:crypto";
import { inspect } from "node:util";

export type Colour = "red" | "green" | "yellow" | "dim" | "bold" | "cyan";

/** Colours a text, or leaves it as it is. */
export type Paint = (colour: Colour, text: string) => string;

/** Without colours. */
export const plain: Paint = (_colour, text) => text;

/**
 * Part of every colour code of ours until it is written (cli/printable.ts): text from elsewhere cannot know it, so its own
 * codes are told from ours. Numbers of four digits, so that whoever measures text takes a sealed code for a colour too.
 */
const SEAL = [0, 1].map(() => randomInt(1000, 10_000)).join(";");

/** A colour code of ours; its first group is the code without the seal. */
export const SEALED = `\\u001b\\[${SEAL};(\\d+)m`;

/** Text in a colour, for `printable`. */
export function colour(name: Colour, text: string): string {
  const [open, close] = inspect.colors[name]!;
  return `\u001b[${SEAL};${open}m${text}\u001b[${SEAL};${close}m`;
}
