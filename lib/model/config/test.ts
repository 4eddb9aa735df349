import { dirname, relative, resolve, sep } from "node:path";
import type { Config } from "./schema";

/** The folder that the machines get, and the files in it that Locust loads. */
export interface Test {
  /** Absolute path of the folder that is sent, with all that lies in it. */
  readonly directory: string;
  /** `.py` files and folders, relative to `directory`; `.` is the folder itself. As Locust's `-f a.py,b.py`. */
  readonly locustfiles: readonly string[];
}

/** The smallest folder that holds all locustfiles, and these in it. Looks at no file: synthesis needs no test. */
export function testOf({
  config,
  directory,
}: {
  readonly config: Pick<Config, "locust">;
  readonly directory: string;
}): Test {
  const paths = locustfilesOf(config).map((path) => resolve(directory, path));
  const root = paths.map((path) => (isFile(path) ? dirname(path) : path)).reduce(commonFolder);
  return { directory: root, locustfiles: paths.map((path) => relative(root, path) || ".") };
}

/** The setting as a list. */
export function locustfilesOf({ locust }: Pick<Config, "locust">): readonly string[] {
  return typeof locust.locustfile === "string" ? locust.locustfile.split(",") : locust.locustfile;
}

/** Decides by the name, as Locust does. A path that is neither is refused later, when it is read. */
export function isFile(path: string): boolean {
  return path.endsWith(".py");
}

function commonFolder(left: string, right: string): string {
  const parts = right.split(sep);
  const differs = left.split(sep).findIndex((part, index) => part !== parts[index]);
  return differs < 0 ? left : left.split(sep).slice(0, differs).join(sep) || sep;
}
