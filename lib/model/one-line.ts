import { randomInt } from "node:crypto";

/** Control characters (C0, DEL, C1), signs that turn the direction of text, and separators that break a line. */
export const OBEYED = "[\\p{Cc}\\p{Bidi_Control}\\p{Zl}\\p{Zp}]";

/**
 * Part of every colour code of ours until it is written (cli/terminal/printable.ts): text from elsewhere cannot know it, so its
 * codes differ from ours. The numbers have four digits, so that a library that measures text takes a sealed code for a colour too.
 */
export const SEAL = [0, 1].map(() => randomInt(1000, 10_000)).join(";");

/** A colour code of ours, whose code without the seal is the first group, or a character that must not be obeyed. */
export const OURS_OR_OBEYED = new RegExp(`\\u001b\\[${SEAL};(\\d+)m|${OBEYED}`, "gu");

/** A text of others as part of a line of ours: no character is obeyed, and it has no second line. */
export function oneLine(text: string): string {
  return text.replace(OURS_OR_OBEYED, (found, code?: string) => (code === undefined ? escape(found) : found));
}

const SHORT: Readonly<Record<string, string>> = { "\n": "\\n", "\r": "\\r", "\t": "\\t" };

/** As it would be written in a program: `\n`, `\x1b`, `\u202e`. */
export function escape(character: string): string {
  const short = SHORT[character];
  if (short) return short;
  return character <= "\xff" ? `\\x${hex(character, 2)}` : `\\u${hex(character, 4)}`;
}

/** Code of a character, of at least so many digits. */
export function hex(character: string, digits: number): string {
  return character.codePointAt(0)!.toString(16).padStart(digits, "0");
}
