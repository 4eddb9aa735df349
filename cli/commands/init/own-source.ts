import { existsSync, readFileSync } from "node:fs";
import { basename, dirname, join, relative, resolve } from "node:path";
import { shellWord } from "../../../lib/model/command-line";
import type { OwnPackage } from "./package-document";

/** How a new project gets this package. */
interface OwnSource {
  /** For its package.json. */
  readonly spec: string;
  /** What to type in the project before `npm install`. @default - nothing */
  readonly step?: string;
}

/**
 * The way in which this package was installed itself: its name in npm's registry may be that of somebody else's package.
 *
 * Of npx, too, npm writes a package.json beside node_modules. A clone, and a global install, have none: they need a tarball.
 *
 * @param root folder of this package
 * @param project folder of the new project
 */
export function ownSource(root: string, { name, version }: OwnPackage, project: string): OwnSource {
  const tarball = `${name}-${version}.tgz`;
  const isInstalled = basename(dirname(root)) === "node_modules";
  if (!isInstalled) return { spec: `file:${tarball}`, step: `npm pack ${shellWord(root)}` };
  const owner = join(root, "..", "..");
  const spec = dependencyOf(join(owner, "package.json"), name);
  if (spec === undefined) return { spec: `file:${tarball}`, step: `cp <folder>/${tarball} .` };
  if (!spec.startsWith("file:")) return { spec };
  const path = resolve(owner, spec.slice("file:".length));
  return { spec: `file:${relative(project, path).replaceAll("\\", "/")}` };
}

function dependencyOf(file: string, name: string): string | undefined {
  if (!existsSync(file)) return undefined;
  const { dependencies, devDependencies } = JSON.parse(readFileSync(file, "utf8")) as Partial<
    Record<"dependencies" | "devDependencies", Readonly<Record<string, string>>>
  >;
  return dependencies?.[name] ?? devDependencies?.[name];
}
