import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { projectRoot } from "../../lib/model/project";

/** What a fresh clone does not have, or what it does not need to be deployed from (node_modules is linked instead). */
const LEFT_OUT =
  /^(node_modules|\.git|\.cache|\.venv(-dev)?|cdktf\.out.*|coverage|dist\.lock|runs|__tests__|docs|terraform\..*|.*\.log)$/;

interface CloneOptions {
  readonly folder: string;
  /** Content of cluster.yaml. */
  readonly config: string;
  /** Folder of built environments, shared between clones. @default - the clone's own, empty */
  readonly cache?: string;
}

/** A copy of the project as a user has it after `git clone` and `npm ci`: deployed from, changed, and thrown away. */
export function makeClone({ folder, config, cache }: CloneOptions): string {
  mkdirSync(folder, { recursive: true });
  const names = readdirSync(projectRoot()).filter((name) => !LEFT_OUT.test(name));
  // cp -a keeps times: the command line is compiled again only when a source is newer.
  execFileSync("cp", ["-a", ...names, `${folder}/`], { cwd: projectRoot() });
  symlinkSync(join(projectRoot(), "node_modules"), join(folder, "node_modules"));
  if (cache !== undefined) symlinkSync(cache, join(folder, ".cache"));
  writeFileSync(join(folder, "cluster.yaml"), config);
  return folder;
}

/** Takes something away from a clone: `locust`, `.cache`, … */
export function takeAway(folder: string, name: string): void {
  rmSync(join(folder, name), { recursive: true });
}
