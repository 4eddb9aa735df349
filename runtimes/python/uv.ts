import { rmSync } from "node:fs";
import { join } from "node:path";
import { isAtLeast } from "../../lib/model/version";
import { exclusively } from "../../locks/exclusive";
import type { OnProgress } from "./progress";
import { findPython } from "./python";
import { explainPip, explainVenv } from "./explain-errors";
import { runProgram } from "./run-program";
import { writeStamp } from "./stamp";

/** Oldest uv whose options and messages are known to be as this program reads them. */
const OLDEST_UV = "0.8.0";

interface FindUvOptions {
  readonly packageRoot: string;
  readonly projectRoot: string;
  readonly onProgress: OnProgress;
  /** Variables besides this process's own. @default {} */
  readonly env?: NodeJS.ProcessEnv;
  /** @default - never aborted */
  readonly signal?: AbortSignal;
}

/**
 * The program `uv`: on the PATH, else in `.venv`, else installed there.
 *
 * uv resolves and unpacks packages for another system than its own, which pip cannot.
 */
export async function findUv(options: FindUvOptions): Promise<string> {
  const own = join(options.projectRoot, ".venv", "bin", "uv");
  for (const candidate of ["uv", own]) if (await isUsable(candidate, options)) return candidate;
  const lock = join(options.projectRoot, ".cache", "uv.building");
  return exclusively(
    lock,
    async () => ((await isUsable(own, options)) ? own : installUv(options, own)),
    options,
  );
}

async function isUsable(uv: string, { env, signal }: FindUvOptions): Promise<boolean> {
  const { stdout } = await runProgram(uv, ["--version"], { env, signal }).catch(
    (error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT" || error.code === "EACCES") return { stdout: "" };
      throw error;
    },
  );
  const version = /^uv (\d+\.\d+\.\d+)/.exec(stdout)?.[1];
  return version !== undefined && isAtLeast(version, OLDEST_UV);
}

async function installUv(
  { packageRoot, projectRoot, onProgress, env, signal }: FindUvOptions,
  uv: string,
): Promise<string> {
  const venv = join(projectRoot, ".venv");
  const python = await findPython({ env, signal });
  onProgress("installing uv into .venv");
  try {
    const made = await runProgram(python.executable, ["-m", "venv", "--clear", venv], { env, signal });
    if (made.code !== 0) throw explainVenv(made.stdout + made.stderr, python.version);
    const pip = ["-m", "pip", "--disable-pip-version-check", "--retries", "2", "install", "--quiet"];
    const pinned = [
      "--only-binary",
      ":all:",
      "--require-hashes",
      "-r",
      join(packageRoot, "runtimes", "python", "requirements-uv.lock"),
    ];
    const installed = await runProgram(join(venv, "bin", "python"), [...pip, ...pinned], { env, signal });
    if (installed.code !== 0) throw explainPip(installed.stderr);
    writeStamp(venv, "uv");
    return uv;
  } catch (error) {
    rmSync(venv, { recursive: true, force: true });
    throw error;
  }
}
