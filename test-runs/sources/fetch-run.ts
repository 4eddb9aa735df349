import { readdirSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import type { RunFile } from "../../protocol/generated/api";
import { RUN_FILE } from "../../protocol/generated/constants";
import { isOver } from "../run/run-api";
import { fetchFile } from "./fetch-file";
import { makeRunFolder, readLocalRun, syncFolder } from "./folder";
import { readRunFiles } from "./run-files";
import type { RunSource } from "./source";

export interface FetchedRun {
  readonly id: string;
  readonly folder: string;
  /** Files of the run; those that were here already count. */
  readonly files: number;
  readonly bytes: number;
  /** Nothing had to be fetched. */
  readonly wasHere: boolean;
}

interface FetchRunOptions {
  readonly source: RunSource;
  readonly signal: AbortSignal;
  /** Called before a failed part is tried again. @default - nothing */
  readonly onRetry?: (error: Error) => void;
}

/** Fetches all files of a run to `runs/<id>/`. Throws a UserError if something is wrong on this computer. */
export async function fetchRun(
  id: string,
  { source, signal, onRetry }: FetchRunOptions,
): Promise<FetchedRun> {
  const files = readRunFiles(id, await source.files(id));
  const folder = makeRunFolder(id);
  const summary = {
    id,
    folder,
    files: files.length,
    bytes: files.reduce((sum, { bytes }) => sum + bytes, 0),
  };
  if (isComplete(id, folder, files)) return { ...summary, wasHere: true };
  let fetched = 0;
  // run.json goes last: a folder in which a run is over is complete.
  for (const file of [...files].sort((left, right) => rank(left) - rank(right))) {
    const open = (from: number) => source.open(id, file.name, from);
    if ((await fetchFile({ file, folder, open, signal, onRetry })) === "fetched") fetched += 1;
  }
  sweep(folder);
  syncFolder(folder);
  syncFolder(dirname(folder));
  return { ...summary, wasHere: fetched === 0 };
}

/** A run that is over does not change any more, wherever its files come from. */
function isComplete(id: string, folder: string, files: readonly RunFile[]): boolean {
  const run = readLocalRun(id);
  if (!run || !isOver(run)) return false;
  const here = new Set(readdirSync(folder));
  return files.every(({ name }) => here.has(name));
}

function rank({ name }: RunFile): number {
  return name === RUN_FILE ? 1 : 0;
}

/** Parts of versions that nobody asks for any more. */
function sweep(folder: string): void {
  for (const name of readdirSync(folder)) {
    if (name.startsWith(".") && name.endsWith(".part")) rmSync(join(folder, name), { force: true });
  }
}
