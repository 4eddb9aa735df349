import { explainSystemError } from "../../lib/model/system-errors";
import { UserError } from "../../lib/model/user-error";
import { explainDerivation, type Explanation, type UvContext } from "./derivation";

const FULL = "no space left on the disk for the packages of the cluster";
const ROOM = "an environment needs about 200 MB while it is built";

/** The error for a full disk, from a program's output. */
export function explainFullDisk(text: string): UserError | undefined {
  return text.includes("No space left on device")
    ? new UserError(FULL, { hint: ROOM, cause: text })
    : undefined;
}

/**
 * Does work on files; a full or read-only disk becomes one sentence.
 *
 * @throws UserError if the disk is full or may not be written
 */
export async function onDisk<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOSPC") throw new UserError(FULL, { hint: ROOM, cause: error });
    throw explainSystemError(error) ?? error;
  }
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

/** uv read its cache only, and something was not in it. */
const NOT_CACHED = /was not found in the cache|network was disabled/;

const UNREACHABLE =
  /dns error|tcp connect error|Connection refused|connection reset|timed out|operation timed out|error sending request|network is unreachable/i;

/** Whether the index was out of reach, so that the cache may still suffice. */
export function isUnreachable(text: string): boolean {
  return UNREACHABLE.test(text) && !text.includes("peer certificate");
}

/** Trouble between uv and the package index, as opposed to trouble with the packages. */
function explainNetwork(text: string): Explanation | undefined {
  const address = /https?:\/\/[^\s/)`]+/.exec(text)?.[0]?.replace(/\/\/[^@/]+@/, "//");
  const index = address ? `the package index at ${address}` : "the package index";
  if (text.includes("peer certificate")) {
    const remedy = "behind a company proxy name the file of its authority's certificate in SSL_CERT_FILE";
    return [`the certificate of ${index} is not trusted`, remedy];
  }
  const denied = /(401 Unauthorized|403 Forbidden|407 Proxy Authentication Required)/.exec(text)?.[1];
  if (denied)
    return [`${index} answers ${denied}`, "check its address and the credentials in uv's configuration"];
  const status = /HTTP status \w+ error \((\d{3} [^)]+)\)/.exec(text)?.[1];
  if (status)
    return [`${index} answers ${status}`, "try again later, or name another index in UV_DEFAULT_INDEX"];
  if (NOT_CACHED.test(text) || isUnreachable(text)) {
    return [
      `${index} was not reached, and not all packages are cached on this computer`,
      "check the network; what was fetched once is installed again without",
    ];
  }
  return undefined;
}

/** Why `python -m venv` failed. Debian splits a part of it into a package of its own. */
export function explainVenv(output: string, version: string): UserError {
  if (/ensurepip/.test(output)) {
    const aptPackage = /apt(?:-get)? install (\S+-venv)/.exec(output)?.[1] ?? `python${version}-venv`;
    return new UserError(
      `Python ${version} cannot make virtual environments: its package ${aptPackage} is missing`,
      {
        hint: `install it with 'sudo apt install ${aptPackage}', or put uv on the PATH`,
      },
    );
  }
  return new UserError(`cannot make the virtual environment .venv: ${lastLine(output)}`, { cause: output });
}

/** Why `pip install uv` failed. */
export function explainPip(output: string): UserError {
  if (/HASHES|hash/.test(output)) {
    return new UserError(
      "the package index delivers a different file for uv than runtimes/python/requirements-uv.lock names",
      {
        hint: "check the package index in pip's configuration",
        cause: output,
      },
    );
  }
  const full = explainFullDisk(output);
  if (full) return full;
  // pip says the same whether it reached no index or an index without uv; its warnings tell which.
  if (/Retrying|Connection|Timeout|Temporary failure|SSLError|Could not find a version/.test(output)) {
    return new UserError("cannot install uv: cannot reach the package index", {
      hint: "check the network, or put uv on the PATH",
      cause: output,
    });
  }
  return new UserError(`cannot install uv into .venv: ${lastLine(output)}`, {
    hint: "put uv on the PATH",
    cause: output,
  });
}

function lastLine(output: string): string {
  return (
    output
      .trim()
      .split("\n")
      .at(-1)
      ?.replace(/^ERROR: /, "") || "it said nothing"
  );
}
