import { join } from "node:path";
import { packageRoot } from "../../lib/model/package-root";
import { UserError } from "../../lib/model/user-error";
import { explainFullDisk } from "./explain-errors";
import { runProgram } from "./run-program";
import type { Toolchain } from "./toolchain";

interface PackOptions {
  readonly folder: string;
  readonly archive: string;
  /** `major.minor` of the machines' Python. */
  readonly pythonVersion: string;
  /** Lock of the product's own packages, whose modules a test has tried without their files. */
  readonly lock: string;
}

/**
 * Packs a folder of packages into an archive that is the same for the same packages.
 *
 * @throws UserError if the disk is full or a package cannot be packed
 */
export async function pack(
  { folder, archive, pythonVersion, lock }: PackOptions,
  tools: Toolchain,
): Promise<void> {
  const script = join(packageRoot(), "runtimes", "python", "pack.py");
  // Sets are written into byte code in the order of their hashes.
  const env = { PYTHONHASHSEED: "0", PYTHONDONTWRITEBYTECODE: "1" };
  const args = [script, folder, archive, pythonVersion, lock];
  const { code, stderr } = await runProgram(tools.python.executable, args, { env, signal: tools.signal });
  if (code === 0) return;
  const reason = stderr.trim().split("\n").at(-1);
  throw explainFullDisk(stderr) ?? new UserError(`cannot pack the environment: ${reason}`, { cause: stderr });
}
