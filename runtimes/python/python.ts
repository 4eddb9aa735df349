import { UserError } from "../../lib/model/user-error";
import { isAtLeast } from "../../lib/model/version";
import { runProgram } from "./run-program";

/** Oldest Python that Locust runs on. */
const OLDEST = "3.11";

export interface Python {
  /** The interpreter itself, not a shim in front of it. */
  readonly executable: string;
  /** `major.minor` */
  readonly version: string;
}

interface FindPythonOptions {
  /** `major.minor` to take if it is there. @default - the first recent one on the PATH */
  readonly prefer?: string;
  /** Variables besides this process's own. @default {} */
  readonly env?: NodeJS.ProcessEnv;
  /** @default - never aborted */
  readonly signal?: AbortSignal;
}

/**
 * A Python that is new enough, looked for on the PATH.
 *
 * @throws UserError if there is none
 */
export async function findPython(options: FindPythonOptions = {}): Promise<Python> {
  const { prefer, env, signal } = options;
  const names = ["python3", "python3.14", "python3.13", "python3.12", "python3.11", "python"];
  const rejected: string[] = [];
  if (prefer) {
    // pyenv's shim runs a version that is installed but not the current one only when it is told to.
    const preferred =
      (await probe(`python${prefer}`, { env, signal })) ??
      (await probe(`python${prefer}`, { env: { ...env, PYENV_VERSION: prefer }, signal }));
    if (preferred && isAtLeast(preferred.version, OLDEST)) return preferred;
  }
  for (const name of names) {
    const python = await probe(name, { env, signal });
    if (python && isAtLeast(python.version, OLDEST)) return python;
    if (python) rejected.push(`${name} is ${python.version}`);
  }
  const reason = rejected.length > 0 ? rejected.join(", ") : "none is on the PATH";
  throw new UserError(`Python ${OLDEST} or newer is needed, ${reason}`, {
    hint: "install it, on Debian and Ubuntu with 'sudo apt install python3 python3-venv', on macOS with 'brew install python'",
  });
}

/** What this interpreter says it is; nothing when it does not run (a version manager's shim for a Python that is not installed). */
export async function probe(
  executable: string,
  options: Pick<FindPythonOptions, "env" | "signal"> = {},
): Promise<Python | undefined> {
  const code = "import sys; print('%d.%d' % sys.version_info[:2]); print(sys.executable)";
  const { code: status, stdout } = await runProgram(executable, ["-c", code], options).catch(
    (error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT" || error.code === "EACCES") return { code: 127, stdout: "" };
      throw error;
    },
  );
  const [version, path] = stdout.trim().split("\n");
  return status === 0 && version && path ? { version, executable: path } : undefined;
}
