import { UserError } from "../../lib/model/user-error";
import { explainFullDisk } from "./disk-errors";

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
    return new UserError("cannot install uv: the package index was not reached", {
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
