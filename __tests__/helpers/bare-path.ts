import { execFileSync } from "node:child_process";
import { mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";

/** A PATH with what CDKTF needs and nothing else: no Python, no uv. */
export function makeBarePath(folder: string): string {
  mkdirSync(folder);
  for (const program of ["node", "npx", "npm", "terraform", "sh", "env", "uname"])
    symlinkSync(execFileSync("which", [program], { encoding: "utf8" }).trim(), join(folder, program));
  return folder;
}
