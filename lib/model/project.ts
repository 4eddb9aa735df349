import { existsSync } from "node:fs";
import { dirname, join, sep } from "node:path";
import { packageRoot } from "./package-root";

/** Folder of the user's project, with cluster.yaml, the test, the state of Terraform, `.cache` and `runs`. */
export function projectRoot(): string {
  return projectOf(packageRoot(), process.cwd());
}

/**
 * A clone is its own project, wherever it is called from. For an installed package the project is npm's: the nearest folder
 * with a `package.json`, from the current one upwards (docs.npmjs.com, "folders", "More Information").
 */
export function projectOf(packageFolder: string, current: string): string {
  if (!packageFolder.split(sep).includes("node_modules")) return packageFolder;
  let folder = current;
  while (!existsSync(join(folder, "package.json"))) {
    const parent = dirname(folder);
    if (parent === folder) return current;
    folder = parent;
  }
  return folder;
}
