import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { projectRoot } from "../../lib/model/project";

/** The folders of docs/architecture.md, from the top down. */
const ROOMS = [
  "cli/commands",
  "cli/cluster",
  "cli/local",
  "cli/deploy",
  "cli/fleet",
  "cli/terminal",
  "test-runs",
  "runtimes",
  "aws",
  "lib/model",
  "protocol",
];

const IMPORT = /\b(?:from|import\(|require\()\s*"(\.[^"]*)"/g;

/** Where in the list a path is; -1 for one that is in none of these folders. */
function levelOf(path: string): number {
  return ROOMS.findIndex((room) => path === room || path.startsWith(`${room}/`));
}

/** Imports of a folder's files, as `from -> to`, that lead elsewhere than into it or those below it. */
function upward(room: string): string[] {
  const files = readdirSync(join(projectRoot(), room), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts"))
    .map((name) => join(room, name));
  return files.flatMap((file) =>
    [...readFileSync(join(projectRoot(), file), "utf8").matchAll(IMPORT)]
      .map(([, specifier = ""]) => relative(projectRoot(), join(projectRoot(), dirname(file), specifier)))
      .filter((to) => levelOf(to) < ROOMS.indexOf(room))
      .map((to) => `${file} -> ${to}`),
  );
}

test.each(ROOMS)("%s imports of itself and of the folders below it alone", (room) => {
  expect(upward(room)).toEqual([]);
});
