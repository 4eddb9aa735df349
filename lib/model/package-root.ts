import { existsSync } from "node:fs";
import { dirname, join } from "node:path";

/**
 * Folder of this package, with the agent, the boot scripts and the schema: the nearest one above that holds `package.json`
 * and `userdata/`, from the sources and from `dist/` alike.
 *
 * @throws Error if there is none: the package is not whole
 */
export function packageRoot(): string {
  let folder = __dirname;
  while (!existsSync(join(folder, "package.json")) || !existsSync(join(folder, "userdata"))) {
    const parent = dirname(folder);
    if (parent === folder) throw new Error(`no package.json above ${__dirname}`);
    folder = parent;
  }
  return folder;
}
