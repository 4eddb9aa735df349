import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isAlive } from "../../locks/exclusive";

/**
 * Everything that a suite, a bench or a soak makes lies in one folder, named after its process.
 *
 * Jest runs tests in processes and contexts of its own, where no handler for Ctrl-C is ever called: so it is the main
 * process that cleans up, and knows from here which commands the tests have started.
 */
const PREFIX = "locust-cluster-test-";
export const FOLDER_VARIABLE = "INTEGRATION_FOLDER";

/** Makes the suite's folder, and has it removed at the end, however that comes. */
export function makeSuiteFolder(): string {
  sweep();
  const folder = mkdtempSync(join(tmpdir(), `${PREFIX}${process.pid}-`));
  for (const name of ["cache", "commands"]) mkdirSync(join(folder, name));
  process.env[FOLDER_VARIABLE] = folder;
  process.once("exit", () => removeSuiteFolder(folder));
  process.once("SIGINT", () => process.exit(130));
  process.once("SIGTERM", () => process.exit(143));
  return folder;
}

export function removeSuiteFolder(folder: string): void {
  for (const pid of ignoringAbsence(() => readdirSync(join(folder, "commands"))) ?? [])
    stopGroup(Number(pid));
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
}

export function suiteFolder(): string {
  const folder = process.env[FOLDER_VARIABLE];
  if (folder === undefined)
    throw new Error(
      "no folder for this suite: call makeSuiteFolder() first, as Jest does in global-setup.ts",
    );
  return folder;
}

/** Folder of built Python environments, shared by all tests of a suite. */
export const sharedCache = (): string => join(suiteFolder(), "cache");

export const noteCommand = (pid: number): void =>
  writeFileSync(join(suiteFolder(), "commands", String(pid)), "");

export const forgetCommand = (pid: number): void =>
  rmSync(join(suiteFolder(), "commands", String(pid)), { force: true });

/** Ends a command with all that it has started. */
export function stopGroup(pid: number): void {
  ignoringAbsence(() => process.kill(-pid, "SIGKILL"));
}

/** Whether Jest's main process still runs; when it was killed, nobody waits for these tests any more. */
export const isSuiteAlive = (): boolean => isAlive(pidOf(suiteFolder()));

/** Removes what killed runs have left. Their commands have ended by then: their account went with them. */
function sweep(): void {
  for (const name of readdirSync(tmpdir()).filter((each) => each.startsWith(PREFIX)))
    if (!isAlive(pidOf(name))) rmSync(join(tmpdir(), name), { recursive: true, force: true });
}

const pidOf = (folder: string): number => Number(/-(\d+)-[^/]*$/.exec(folder)?.[1] ?? 0);

function ignoringAbsence<T>(action: () => T): T | undefined {
  try {
    return action();
  } catch (error) {
    if (["ESRCH", "ENOENT"].includes(String((error as NodeJS.ErrnoException).code))) return undefined;
    throw error;
  }
}
