import type { UvContext } from "./derivation";
import { explainUv, flatten, isUnreachable } from "./explain-errors";
import type { OnProgress } from "./progress";
import { findPython, type Python } from "./python";
import { runProgram } from "./run-program";
import { findUv } from "./uv";

export interface ToolchainOptions {
  readonly packageRoot: string;
  readonly projectRoot: string;
  /** `major.minor` of the Python that the packages are for. @default - any recent one */
  readonly pythonVersion?: string;
  readonly context: UvContext;
  readonly onProgress: OnProgress;
  /** Variables besides this process's own. @default {} */
  readonly env?: NodeJS.ProcessEnv;
  /** @default - never aborted */
  readonly signal?: AbortSignal;
}

/** uv and a Python of this computer, ready to be used. */
export class Toolchain {
  readonly python: Python;
  readonly signal?: AbortSignal;

  private readonly uvFile: string;
  private readonly context: UvContext;
  private readonly env?: NodeJS.ProcessEnv;
  private readonly onProgress: OnProgress;

  private constructor(python: Python, uvFile: string, options: ToolchainOptions) {
    this.python = python;
    this.uvFile = uvFile;
    this.context = options.context;
    this.env = options.env;
    this.onProgress = options.onProgress;
    this.signal = options.signal;
  }

  public static async find(options: ToolchainOptions): Promise<Toolchain> {
    const { pythonVersion, env, signal } = options;
    const python = await findPython({ prefer: pythonVersion, env, signal });
    return new Toolchain(python, await findUv(options), options);
  }

  /**
   * Runs uv; a failure is one sentence. Without a network, it runs again with its cache only.
   *
   * @throws UserError in place of uv's own words
   */
  public async uv(args: readonly string[], cwd?: string): Promise<void> {
    const first = await this.attempt(args, cwd);
    if (first.code === 0) return;
    if (isUnreachable(flatten(first.stderr))) {
      this.onProgress("the package index was not reached, looking into uv's cache");
      if ((await this.attempt([...args, "--offline"], cwd)).code === 0) return;
    }
    throw explainUv(first.stderr, this.context);
  }

  private attempt(args: readonly string[], cwd?: string) {
    const quiet = ["--quiet", "--no-progress", "--color", "never"];
    const { env, signal } = this;
    // Otherwise uv would fetch its own Python, which nobody wants here.
    return runProgram(this.uvFile, [...args, ...quiet], {
      cwd,
      env: { UV_PYTHON_DOWNLOADS: "never", ...env },
      signal,
    });
  }
}
