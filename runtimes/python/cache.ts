import { readdirSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { isAlive } from "../../locks/exclusive";

const ARCHIVE = ".tar.gz";
const SCRATCH = /\.(\d+)\.tmp$/;

/** Removes all but the archives that were used last. At 12 to 35 MB each they would fill a disk unnoticed. */
export function prune(folder: string, keep = 10): void {
  const archives = readdirSync(folder).filter((name) => name.endsWith(ARCHIVE));
  const byAge = archives
    .map((name) => ({ name, used: statSync(join(folder, name)).mtimeMs }))
    .sort((a, b) => b.used - a.used);
  for (const { name } of byAge.slice(keep)) {
    rmSync(join(folder, name), { force: true });
    rmSync(join(folder, name.replace(ARCHIVE, ".lock")), { force: true });
  }
}

/** Removes what builds left that were killed before they could clean up. */
export function removeAbandoned(folder: string): void {
  for (const name of readdirSync(folder)) {
    const builder = SCRATCH.exec(name)?.[1];
    if (builder && !isAlive(Number(builder))) rmSync(join(folder, name), { recursive: true, force: true });
  }
}
