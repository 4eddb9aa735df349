import { renameSync, rmSync, statSync, utimesSync } from "node:fs";
import { open as openFile } from "node:fs/promises";
import { join } from "node:path";
import { addAbortSignal, type Readable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import { commandLine } from "../../lib/model/command-line";
import { shortPath } from "../../lib/model/short-path";
import { UserError } from "../../lib/model/user-error";
import type { RunFile } from "../../protocol/generated/api";

/** Tries in a row that bring nothing before it is given up. */
const TRIES = 5;
const PAUSE_MS = 1000;

/**
 * Bytes that a file may have beyond those listed: between the list and the last piece, a run appends to its files or replaces
 * them with longer ones. A sender of more must not fill the disk.
 */
export const MOST_GROWTH = 1 << 20;

interface FetchOptions {
  readonly file: RunFile;
  readonly folder: string;
  readonly open: (from: number) => Promise<Readable>;
  readonly signal: AbortSignal;
  /** Called before a failed part is tried again. @default - nothing */
  readonly onRetry?: (error: Error) => void;
  /** Pause before the first retry; later ones are longer. @default 1000 */
  readonly pauseMs?: number;
}

/**
 * Fetches a file: complete under its name, or not at all.
 *
 * After a lost connection, a hidden file keeps the part that arrived. Its name says of which version it is, so the next try or
 * command fetches only the rest.
 *
 * @throws Error if the source or the disk fails for good
 */
export async function fetchFile(options: FetchOptions): Promise<"fetched" | "there"> {
  const { file, folder, signal, pauseMs = PAUSE_MS } = options;
  const goal = join(folder, file.name);
  if (isSame(goal, file)) return "there";
  const part = join(folder, `.${file.name}.${Date.parse(file.modified)}-${file.bytes}.part`);
  for (let tries = 0; sizeOf(part) < file.bytes || sizeOf(part) === 0;) {
    const before = sizeOf(part);
    try {
      await fetchRest(options, part);
      if (sizeOf(part) >= file.bytes) break;
      throw new Error(`the connection ended after ${sizeOf(part)} of ${file.bytes} bytes`);
    } catch (error) {
      if (signal.aborted) throw error;
      const local = localProblem(error, part);
      if (local) throw local;
      tries = sizeOf(part) > before ? 1 : tries + 1;
      if (tries >= TRIES) throw error;
      options.onRetry?.(error as Error);
      await sleep(pauseMs * tries, undefined, { signal });
    }
  }
  return finish(part, goal, file);
}

/**
 * Writes every piece to the disk before it waits for the next, so that no piece is fetched twice. It cuts a file without an end;
 * the rest of a growing one comes with the next list.
 */
async function fetchRest({ file, open, signal }: FetchOptions, part: string): Promise<void> {
  const from = sizeOf(part);
  const output = await openFile(part, from > 0 ? "a" : "w");
  try {
    const pieces = addAbortSignal(signal, await open(from));
    let room = file.bytes + MOST_GROWTH - from;
    for await (const piece of pieces as AsyncIterable<Buffer>) {
      await output.appendFile(piece.subarray(0, room));
      room -= piece.length;
      if (room <= 0) break;
    }
    // The master's copy may be destroyed soon: ours must outlive a power failure.
    await output.sync();
  } finally {
    await output.close();
  }
}

function finish(part: string, goal: string, { name, bytes, modified }: RunFile): "fetched" {
  const size = sizeOf(part);
  // A file of a run that goes on may have grown meanwhile: more is right too, less never.
  if (size < bytes) throw new Error(`${name} has ${size} bytes instead of ${bytes}`);
  const time = new Date(modified);
  if (size === bytes) utimesSync(part, time, time);
  renameSync(part, goal);
  return "fetched";
}

/** The same version as there: size and time agree. */
function isSame(path: string, { bytes, modified }: RunFile): boolean {
  const stats = statSync(path, { throwIfNoEntry: false });
  return stats?.size === bytes && Math.abs(stats.mtimeMs - Date.parse(modified)) < 2;
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}

/** A disk that is full, or a folder that may not be written: no further try helps. */
function localProblem(error: unknown, part: string): UserError | undefined {
  const { code } = error as NodeJS.ErrnoException;
  const folder = shortPath(join(part, ".."));
  if (code === "ENOSPC" || code === "EDQUOT") {
    // Half a file would take the room that is missing.
    rmSync(part, { force: true });
    return new UserError(`no space left on the disk for ${folder}`, {
      hint: `make room and fetch the run again with '${commandLine("pull")}'; the master and the bucket still have it`,
      cause: error,
    });
  }
  if (code === "EACCES" || code === "EPERM" || code === "EROFS")
    return new UserError(`${folder} cannot be written`, { cause: error });
  return undefined;
}
