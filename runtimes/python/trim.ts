import { readdirSync, rmdirSync, rmSync } from "node:fs";
import { basename, dirname, extname, join } from "node:path";

/** What the agent asks AWS for. */
const SERVICES = ["s3"];

/** And where the master sets the capacity of fleets. */
const SERVICES_OF_FLEETS = [...SERVICES, "autoscaling"];

/** Folders that only the tests of a package import. */
const TESTS = ["tests", "testing"];

/** Sources of extensions and headers, types for checkers, texts for readers. */
const SOURCES = [
  ".asm",
  ".c",
  ".cmd",
  ".cpp",
  ".h",
  ".hpp",
  ".pxd",
  ".pxi",
  ".pyi",
  ".pyx",
  ".md",
  ".rst",
  ".typed",
];

/** Files of `*.dist-info` that `importlib.metadata` reads; the others are for installers. */
const METADATA = ["METADATA", "RECORD", "entry_points.txt", "top_level.txt"];

/**
 * Leaves out what no import needs, and the descriptions of the hundreds of AWS services that the agent never asks: two
 * thirds of the archive. Only for a test without requirements of its own, which else may use them.
 */
export function trim(packages: string, { fleets = false }: { readonly fleets?: boolean } = {}): void {
  const services = fleets ? SERVICES_OF_FLEETS : SERVICES;
  for (const library of ["botocore", "boto3"]) {
    const data = join(packages, library, "data");
    for (const entry of readdirSync(data, { withFileTypes: true })) {
      if (entry.isDirectory() && !services.includes(entry.name))
        rmSync(join(data, entry.name), { recursive: true });
    }
  }
  trimFolder(packages);
}

/** Removes a folder, too, when nothing is left in it. */
function trimFolder(folder: string): void {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory() && !TESTS.includes(entry.name)) trimFolder(path);
    else if (entry.isDirectory() || isNeedless(path)) rmSync(path, { recursive: true });
  }
  if (readdirSync(folder).length === 0) rmdirSync(folder);
}

function isNeedless(file: string): boolean {
  const isMetadata = /\.dist-info\b/.test(dirname(file));
  return isMetadata ? !METADATA.includes(basename(file)) : SOURCES.includes(extname(file));
}
