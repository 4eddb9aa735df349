import { escape, hex, OBEYED, OURS_OR_OBEYED } from "../../lib/model/one-line";

/**
 * Text for a terminal or the log of a CI job. Names of requests, reasons, exceptions, logs and the ledger hold whatever the
 * target, the test or a machine wrote; no character of theirs may be obeyed.
 */

const OBEYED_IN_JSON = new RegExp(`(?!\\n)${OBEYED}`, "gu");

/**
 * GitHub's runner takes `::name::` for a command at the start of a line, after any white space, and `##[name]` anywhere
 * (actions/runner, ActionCommand.cs); Azure DevOps `##vso[` anywhere; TeamCity `##teamcity[`. GitLab's `section_start:`
 * needs a carriage return and an escape.
 */
const COMMAND_AT_START = /^((?:\s|\p{Cc}\[\d+m)*):(?=:)/u;
const COMMAND_ANYWHERE = /##(?=\w*\[)/g;

/** Lines as they may be written: of all that a terminal obeys, only ends of lines, tabs and our own colours are left. */
export function printable(text: string): string {
  return text.split("\n").map(printableLine).join("\n");
}

function printableLine(line: string): string {
  return line
    .replace(OURS_OR_OBEYED, (found, code?: string) => {
      if (code !== undefined) return `\u001b[${code}m`;
      return found === "\t" ? found : escape(found);
    })
    .replace(COMMAND_AT_START, "$1\\x3a")
    .replace(COMMAND_ANYWHERE, "#\\x23");
}

/** The document as JSON in which no character is obeyed, written so that it is read back as it was. */
export function printableJson(document: unknown, indent = 2): string {
  return JSON.stringify(document, null, indent)
    .replace(OBEYED_IN_JSON, (found) => `\\u${hex(found, 4)}`)
    .replace(COMMAND_ANYWHERE, "#\\u0023");
}
