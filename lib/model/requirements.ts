import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** The test's own packages, beside its locustfile. */
export const REQUIREMENTS_FILE = "requirements.txt";

/** A line that pulls in another file: `-r base.txt`, `--constraint=limits.txt`. */
const INCLUDE = /^\s*(?:-r|-c|--requirement|--constraint)[\s=]*([^\s#]+)/;

/**
 * Text of a requirements file together with the files that it includes; empty when there is none.
 *
 * Line ends are unified, so that a checkout on another system reads the same.
 */
export function readRequirements(file: string, seen: ReadonlySet<string> = new Set()): string {
  if (seen.has(file) || !existsSync(file)) return "";
  const text = readFileSync(file, "utf8").replace(/\r\n?/g, "\n");
  const included = text.split("\n").flatMap((line) => INCLUDE.exec(line)?.[1] ?? []);
  return [
    text,
    ...included.map((name) => readRequirements(join(dirname(file), name), new Set([...seen, file]))),
  ].join("");
}

/** Whether the text asks for anything at all: a file of comments and blank lines does not. */
export function hasRequirements(text: string): boolean {
  return text.split("\n").some((line) => !/^\s*(?:#|$)/.test(line));
}
