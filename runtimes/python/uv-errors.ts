import { UserError } from "../../lib/model/user-error";
import { explainDerivation } from "./derivation";
import { explainFullDisk } from "./disk-errors";
import { explainNetwork } from "./network-errors";

/** Words for the message about what uv was building. */
export interface UvContext {
  /** The user's requirements file as the user would name it, e.g. `locust/requirements.txt`. */
  readonly requirements: string;
  /** E.g. `arm64 with Python 3.13`. */
  readonly platform: string;
  readonly locustVersion: string;
}

/** One sentence for what uv said on stderr; uv's own words go along as the cause. */
export function explainUv(stderr: string, context: UvContext): UserError {
  const text = flatten(stderr);
  const full = explainFullDisk(stderr);
  if (full) return full;
  const problem =
    explainNetwork(text) ??
    explainLine(stderr, text, context) ??
    explainDerivation(text, context) ??
    explainHash(text, context);
  const [message, hint] = problem ?? [
    `uv cannot make the environment for ${context.platform}: ${plain(text)}`,
  ];
  return new UserError(message, { hint, cause: stderr });
}

/** Message and remedy. */
export type Explanation = readonly [message: string, hint?: string];

/** One line of plain words: uv frames and wraps its messages, and each version does so differently. */
export function flatten(stderr: string): string {
  return stderr
    .replaceAll("Caused by:", "cause:")
    .split("\n")
    .map((line) => line.replace(/^[\s×╰─▶│├]+/, "").trim())
    .filter((line) => line !== "")
    .join(" ");
}

function explainLine(stderr: string, text: string, { requirements }: UvContext): Explanation | undefined {
  const remedy = "write one package per line, e.g. 'requests>=2.32'";
  const unparsed = /Couldn't parse requirement in `[^`]+`.*? cause: (.+)/.exec(text)?.[1];
  if (unparsed) {
    const lines = stderr.split("\n");
    // uv underlines the place with ^^^ and quotes the line above it.
    const quoted = lines[lines.findIndex((line) => /^\s*\^+\s*$/.test(line)) - 1]?.trim() ?? "a line";
    return [
      `'${quoted}' in ${requirements} is not a requirement: ${unparsed.split(quoted)[0]?.trim()}`,
      remedy,
    ];
  }
  const option = /start of a requirement: .*?:(\d+):\d+/.exec(text)?.[1];
  if (option)
    return [`line ${option} of ${requirements} is neither a requirement nor an option that is known`, remedy];
  const included = /Error parsing included file.*?failed to read from file `([^`]+)`/.exec(text)?.[1];
  if (included)
    return [
      `${requirements} includes a file that cannot be read: ${included}`,
      "create it or remove the line",
    ];
  return undefined;
}

function explainHash(text: string, { requirements }: UvContext): Explanation | undefined {
  const name = /Hash mismatch for `([^`]+)`/.exec(text)?.[1];
  if (!name) return undefined;
  return [
    `the package index delivers another file for ${name} than the lock names`,
    `if the index can be trusted, delete the lock beside ${requirements}; it is then made anew`,
  ];
}

function plain(text: string): string {
  return text.replace(/^error: /, "").replaceAll(" cause: ", ": ");
}
