import { existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { onDisk } from "./explain-errors";
import { exclusively } from "../../locks/exclusive";
import { interruptible } from "./interruptible";
import { readStamp, removeStamp, writeStamp } from "./stamp";
import { Toolchain, type ToolchainOptions } from "./toolchain";

interface VenvContent extends Omit<ToolchainOptions, "signal"> {
  /** Folder of the virtual environment. */
  readonly venv: string;
  /** Hash of everything that determines its content. */
  readonly inputs: string;
  /** The lock to install, made when it is needed. */
  readonly lock: (tools: Toolchain, scratch: string) => Promise<string>;
}

/** A virtual environment with exactly these packages. Costs next to nothing when it is there already. */
export async function provide(content: VenvContent): Promise<{ python: string }> {
  const { venv, inputs, projectRoot, onProgress } = content;
  const python = join(venv, "bin", "python");
  if (readStamp(venv) === inputs) return { python };
  const lockFile = join(projectRoot, ".cache", `${basename(venv)}.building`);
  const onWait = () => onProgress(`waiting for another build of ${basename(venv)}`);
  await onDisk(() =>
    interruptible((signal) => {
      const build = async () => {
        if (readStamp(venv) !== inputs) await fill(content, python, signal);
      };
      return exclusively(lockFile, build, { signal, onWait });
    }),
  );
  return { python };
}

async function fill(content: VenvContent, python: string, signal: AbortSignal): Promise<void> {
  const { venv, inputs, lock, projectRoot, onProgress } = content;
  // Rebuild an incomplete or damaged one: uv would take a package with missing files for installed.
  if (readStamp(venv) === undefined) rmSync(venv, { recursive: true, force: true });
  const scratch = join(projectRoot, ".cache", `${basename(venv)}.${process.pid}.tmp`);
  mkdirSync(scratch, { recursive: true });
  try {
    const tools = await Toolchain.find({ ...content, signal });
    if (!existsSync(python)) await tools.uv(["venv", "--python", tools.python.executable, venv]);
    removeStamp(venv);
    const file = join(scratch, "install.lock");
    writeFileSync(file, await lock(tools, scratch));
    onProgress(`installing packages into ${basename(venv)}`);
    // Byte code now: else each of the processes that start at the same time makes it for itself.
    await tools.uv(["pip", "sync", "--compile-bytecode", "--python", python, "--require-hashes", file]);
    writeStamp(venv, inputs);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}
