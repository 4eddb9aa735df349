import { printable, printableJson } from "./printable";

/** Data goes to stdout, and only from here. Progress goes to stderr (cli/terminal/terminal.ts). */

/** Writes lines for people. */
export function print(text: string): void {
  process.stdout.write(`${printable(text)}\n`);
}

/** Writes a document for programs; `indent` 0 puts it on one line. */
export function printJson(document: unknown, indent = 2): void {
  process.stdout.write(`${printableJson(document, indent)}\n`);
}
