import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { packageRoot } from "../../lib/model/package-root";
import { makeClone } from "../../tools/trials/clone";
import { runCommand } from "../../tools/trials/command";
import { succeeded } from "../../tools/trials/emulated-cluster";

/** What `npm pack --json` tells. */
export interface Packed {
  /** Absolute path of the tarball. */
  readonly tarball: string;
  /** Bytes of the tarball. */
  readonly size: number;
  readonly files: readonly string[];
}

interface PackReport {
  readonly filename: string;
  readonly size: number;
  readonly files: readonly { readonly path: string }[];
}

/** Packs a copy of this project: packing compiles anew, and other tests use what is compiled here. */
export async function pack(scratch: string): Promise<Packed> {
  const config = readFileSync(join(packageRoot(), "cluster.yaml"), "utf8");
  const clone = makeClone({ folder: join(scratch, "clone"), config });
  const report = join(scratch, "packed");
  mkdirSync(report);
  const args = ["pack", "--json", "--pack-destination", report];
  const { stdout } = succeeded(await runCommand("npm", args, { cwd: clone, env: process.env }));
  // The scripts that npm runs before speak on stdout too.
  const [{ filename, size, files }] = JSON.parse(stdout.slice(stdout.indexOf("[\n"))) as [PackReport];
  return { tarball: join(report, filename), size, files: files.map(({ path }) => path) };
}
