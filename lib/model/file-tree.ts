import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";

export interface TreeFile {
  /** Relative, with forward slashes. */
  readonly path: string;
  /** 0o755 when the owner may execute it, else 0o644: git keeps no more either, so a checkout elsewhere is the same. */
  readonly mode: number;
  readonly bytes: Uint8Array;
}

export interface TreeOptions {
  /** Largest sum of sizes in bytes. @default Infinity */
  readonly limit?: number;
  /** Called for every file and folder, with its relative path. */
  readonly include: (path: string) => boolean;
}

/** All files below a folder, links followed. Sizes are added up before anything is read. */
export function readTree(
  folder: string,
  { limit = Infinity, include }: TreeOptions,
): TreeFile[] | "missing" | "too-big" {
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) return "missing";
  let total = 0;
  const found: { readonly path: string; readonly mode: number }[] = [];
  const pending = [""];
  for (let parent = pending.pop(); parent !== undefined; parent = pending.pop()) {
    for (const name of readdirSync(join(folder, parent))) {
      const path = parent === "" ? name : `${parent}/${name}`;
      const stats = statSync(join(folder, path), { throwIfNoEntry: false });
      if (!stats || !include(path)) continue;
      if (stats.isDirectory()) pending.push(path);
      if (!stats.isFile()) continue;
      total += stats.size;
      if (total > limit) return "too-big";
      found.push({ path, mode: stats.mode & 0o100 ? 0o755 : 0o644 });
    }
  }
  return found.map((file) => ({ ...file, bytes: readFileSync(join(folder, file.path)) }));
}
