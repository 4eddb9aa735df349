import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { projectRoot } from "../../lib/model/project";
import { shortPath } from "../../lib/model/short-path";
import { UserError } from "../../lib/model/user-error";
import { RUN_FILE, RUN_ID_PATTERN } from "../../protocol/generated/constants";
import { isRun } from "../run/is-run";
import { isOver, type Run } from "../run/run-api";

/** Names of runs, as the master makes them: safe as names of folders. */
const RUN_ID = new RegExp(`^${RUN_ID_PATTERN}$`);

/** Locust's own report. */
export const REPORT_FILE = "report.html";

/** `runs/` of this clone: fetched runs, and runs of a local cluster. */
function runsFolder(): string {
  return join(projectRoot(), "runs");
}

export function isRunId(text: string): boolean {
  return RUN_ID.test(text);
}

/**
 * Folder of a run; the id comes from elsewhere, and must not lead out of `runs/`.
 *
 * @throws Error if the text is not the id of a run
 */
export function runFolder(id: string): string {
  if (!isRunId(id)) throw new Error(`'${id}' is not the id of a run`);
  return join(runsFolder(), id);
}

/** @throws UserError if it cannot be created */
export function makeRunFolder(id: string): string {
  const folder = runFolder(id);
  try {
    mkdirSync(folder, { recursive: true });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new UserError(`${shortPath(folder)} cannot be created: ${code ?? String(error)}`, {
      hint: "runs/ must be a writable folder, on a disk with free space",
      cause: error,
    });
  }
  return folder;
}

/** Names of files are on the disk from here on; their content has to be synced by itself. */
export function syncFolder(folder: string): void {
  // Windows opens no folders, and keeps names in order by itself.
  if (process.platform === "win32") return;
  const descriptor = openSync(folder, "r");
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/** run.json of a run; nothing when it is not here or cannot be read. */
export function readLocalRun(id: string): Run | undefined {
  try {
    const run: unknown = JSON.parse(readFileSync(join(runFolder(id), RUN_FILE), "utf8"));
    return isRun(run) && run.id === id ? run : undefined;
  } catch {
    return undefined;
  }
}

/** Runs whose run.json is here and is none: a file of that name comes last of a run's files, and whole. */
export function damagedLocalRuns(): string[] {
  return localIds().filter((id) => existsSync(join(runFolder(id), RUN_FILE)) && !readLocalRun(id));
}

/** Newest first. */
export function listLocalRuns(): Run[] {
  return localIds().flatMap((id) => readLocalRun(id) ?? []);
}

/** The local run that was not over when its master wrote last. */
export function unfinishedLocalRun(): Run | undefined {
  return listLocalRuns().find((run) => run.cluster === "local" && !isOver(run));
}

function localIds(): string[] {
  try {
    return readdirSync(runsFolder()).filter(isRunId).sort().reverse();
  } catch {
    return [];
  }
}
