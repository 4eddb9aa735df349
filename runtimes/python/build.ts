import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import {
  environmentArchive,
  environmentName,
  type EnvironmentInputs,
} from "../../lib/model/environment-name";
import { hasRequirements, readRequirements, REQUIREMENTS_FILE } from "../../lib/model/requirements";
import { prune, removeAbandoned } from "./cache";
import { onDisk } from "./explain-errors";
import { exclusively } from "../../locks/exclusive";
import { install } from "./platform";
import { interruptible } from "./interruptible";
import { labelOf } from "./label";
import { LockFile } from "./lock-file";
import { pack } from "./pack";
import type { OnProgress } from "./progress";
import { productLock, resolve } from "./resolve";
import { Toolchain } from "./toolchain";
import { trim } from "./trim";

export interface BuildOptions extends EnvironmentInputs {
  /** Folder of the project, whose `.cache` keeps the archive. */
  readonly projectRoot: string;
  /** Variables for the programs that are started, besides this process's own. @default {} */
  readonly env?: NodeJS.ProcessEnv;
}

export interface Environment {
  readonly name: string;
  /** The archive: the content of a machine's `site-packages`. */
  readonly archive: string;
  /** Whether it had been made before. */
  readonly cached: boolean;
}

/**
 * Makes the Python environment of a machine on this computer: Locust, the agent's packages and the test's own.
 *
 * Reports problems with the packages here, before anything is created in the cloud.
 */
export async function buildEnvironment(options: BuildOptions, onProgress: OnProgress): Promise<Environment> {
  const name = environmentName(options);
  const archive = environmentArchive(options.projectRoot, name);
  const own = hasRequirements(readRequirements(join(options.testDirectory, REQUIREMENTS_FILE)));
  const lockFile = own ? new LockFile(options, name) : undefined;
  const folder = dirname(archive);

  const cached = await onDisk(async () => {
    if (reuse(archive, lockFile)) return true;
    return interruptible((signal) => {
      const onWait = () => onProgress("waiting for another build of the same environment");
      const build = async () => {
        if (reuse(archive, lockFile)) return true;
        await make(options, archive, lockFile, onProgress, signal);
        prune(folder);
        return false;
      };
      return exclusively(join(folder, `${name}.building`), build, { signal, onWait });
    });
  });
  return { name, archive, cached };
}

/**
 * Whether the archive is there and holds what the lock beside the test says.
 *
 * Rewrites a missing or outdated lock from the archive, so that the packages stay those that the machines
 * already have.
 */
function reuse(archive: string, lockFile: LockFile | undefined): boolean {
  if (!existsSync(archive) || !existsSync(lockOf(archive))) return false;
  const made = readFileSync(lockOf(archive), "utf8");
  const wanted = lockFile?.current() ?? made;
  if (wanted !== made) return false;
  if (lockFile && !lockFile.current()) lockFile.write(made);
  utimesSync(archive, new Date(), new Date()); // used: prune takes others first
  return true;
}

async function make(
  options: BuildOptions,
  archive: string,
  lockFile: LockFile | undefined,
  onProgress: OnProgress,
  signal: AbortSignal,
): Promise<void> {
  const { projectRoot, testDirectory, architecture, pythonVersion, locustVersion } = options;
  const label = `${architecture} with Python ${pythonVersion}`;
  const context = {
    requirements: labelOf(testDirectory, projectRoot),
    platform: label,
    locustVersion,
  };
  const scratch = archive.replace(/\.tar\.gz$/, `.${process.pid}.tmp`);
  removeAbandoned(dirname(archive));
  mkdirSync(scratch, { recursive: true });
  try {
    const tools = await Toolchain.find({ ...options, context, onProgress, signal });
    let lock = lockFile?.current() ?? productLock(options);
    if (lock === undefined) {
      onProgress(`choosing packages for ${label}`);
      lock = await resolve({ ...options, platform: options, previous: lockFile?.any(), scratch }, tools);
    }
    onProgress(`fetching packages for ${label}`);
    const packages = await install(lock, options, scratch, tools);
    if (!lockFile) trim(packages, options);
    onProgress(`packing the environment for ${label}`);
    const own = join(options.packageRoot, "agent", "requirements.lock");
    await pack({ folder: packages, archive: join(scratch, "archive"), pythonVersion, lock: own }, tools);
    writeFileSync(join(scratch, "lock"), lock);
    // The archive goes last: it counts only together with its lock.
    lockFile?.write(lock);
    renameSync(join(scratch, "lock"), lockOf(archive));
    renameSync(join(scratch, "archive"), archive);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** What an archive was made of, kept beside it. */
function lockOf(archive: string): string {
  return archive.replace(/\.tar\.gz$/, ".lock");
}
