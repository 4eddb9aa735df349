import { readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { projectRoot } from "../../lib/model/project";

/** The folders of docs/architecture.md, from the top down, and `lib/` above its part that all share. */
const ROOMS = [
  "cli/commands",
  "cli/cluster",
  "cli/local",
  "cli/deploy",
  "cli/machines",
  "cli/terminal",
  "test-runs",
  "runtimes",
  "aws",
  "locks",
  "lib",
  "lib/model",
  "protocol",
];

/** All folders with TypeScript of ours but the tests. */
const FOLDERS = [
  "aws",
  "bench",
  "cli",
  "lib",
  "locks",
  "protocol",
  "runtimes",
  "simulator",
  "soak",
  "test-runs",
  "tools",
];

const IMPORT = /\b(?:from|import\(|require\()\s*"(\.[^"]*)"/g;

const CDKTF = /\b(?:from|import|import\(|require\()\s*"(?:cdktf|constructs|@cdktf)["/]/;

/** Paths that each file imports; of types, too. */
const IMPORTS: ReadonlyMap<string, readonly string[]> = new Map(
  FOLDERS.flatMap(filesIn).map((file) => [file, importsOf(file)]),
);

function filesIn(folder: string): string[] {
  return readdirSync(join(projectRoot(), folder), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts"))
    .map((name) => join(folder, name));
}

function importsOf(file: string): string[] {
  const text = readFileSync(join(projectRoot(), file), "utf8");
  return [...text.matchAll(IMPORT)].map(([, specifier = ""]) => fileOf(join(dirname(file), specifier)));
}

/** The file that a path without ending means; the path itself where there is none, as for a file of Python. */
function fileOf(path: string): string {
  const candidates = [`${path}.ts`, join(path, "index.ts"), path];
  const found = candidates.find((each) =>
    statSync(join(projectRoot(), each), { throwIfNoEntry: false })?.isFile(),
  );
  return found ?? path;
}

/** Where in the list a path is, in the innermost of these folders; -1 for one that is in none. */
function levelOf(path: string): number {
  return ROOMS.findLastIndex((room) => path === room || path.startsWith(`${room}/`));
}

/** Imports of a folder's files, as `from -> to`, that lead elsewhere than into it or those below it. */
function upward(room: string): string[] {
  return [...IMPORTS]
    .filter(([file]) => file.startsWith(`${room}/`))
    .flatMap(([file, imports]) => imports.map((to) => [file, to] as const))
    .filter(([, to]) => levelOf(to) < ROOMS.indexOf(room))
    .map((pair) => pair.join(" -> "));
}

/** Files that load CDKTF, with `require`, too, which oxlint does not see. */
function withCdktf(): string[] {
  return [...IMPORTS.keys()].filter((file) => CDKTF.test(readFileSync(join(projectRoot(), file), "utf8")));
}

/** A way from something back to itself, or nothing. Looks at everything once. */
function findCircle(graph: ReadonlyMap<string, readonly string[]>): string[] | undefined {
  const done = new Set<string>();
  const visit = (node: string, path: readonly string[]): string[] | undefined => {
    if (path.includes(node)) return [...path.slice(path.indexOf(node)), node];
    if (done.has(node)) return undefined;
    for (const next of graph.get(node) ?? []) {
      const circle = visit(next, [...path, node]);
      if (circle) return circle;
    }
    done.add(node);
    return undefined;
  };
  for (const node of graph.keys()) {
    const circle = visit(node, []);
    if (circle) return circle;
  }
  return undefined;
}

/** Imports between folders. A folder and one inside it are not told apart: they are one thing, in parts. */
function folderImports(): Map<string, string[]> {
  const folders = new Map<string, string[]>();
  for (const [file, imports] of IMPORTS) {
    const from = dirname(file);
    const others = imports
      .map((to) => dirname(to))
      .filter((to) => !isInside(from, to) && !isInside(to, from));
    folders.set(from, [...(folders.get(from) ?? []), ...others]);
  }
  return folders;
}

function isInside(inner: string, outer: string): boolean {
  return !relative(outer, inner).startsWith("..");
}

test.each(ROOMS)("%s imports of itself and of the folders below it alone", (room) => {
  expect(upward(room)).toEqual([]);
});

test("only lib/ beside lib/model loads CDKTF", () => {
  expect(withCdktf().filter((file) => !isInside(file, "lib") || isInside(file, "lib/model"))).toEqual([]);
});

test("of lib/, others import only lib/model", () => {
  const others = [...IMPORTS].filter(([file]) => !isInside(file, "lib"));
  const inner = others.filter(([, imports]) =>
    imports.some((to) => isInside(to, "lib") && !isInside(to, "lib/model")),
  );
  expect(inner.map(([file]) => file)).toEqual([]);
});

test("no file leads back to itself by its imports", () => {
  expect(findCircle(IMPORTS)).toBeUndefined();
});

test("no folder leads back to itself by its imports", () => {
  expect(findCircle(folderImports())).toBeUndefined();
});

test("nothing but tests imports a test", () => {
  const tests = [...IMPORTS].filter(([, imports]) => imports.some((to) => to.startsWith("__tests__/")));
  expect(tests.map(([file]) => file)).toEqual([]);
});
