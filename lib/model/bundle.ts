import { createHash } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { zipSync, type Zippable } from "fflate";
import { CONTENT_NAME_DIGITS } from "../../protocol/generated/constants";
import { readTree, type TreeFile, type TreeOptions } from "./file-tree";

/** What runs on every machine: the user's test, the cluster's agent, and the second stage of the boot. */
export interface Bundle {
  /**
   * Hex digits over paths, modes and bytes, never over the archive; `missing` or `too-big` with a problem. The boot checks it
   * (userdata/first-stage.sh).
   */
  readonly hash: string;
  readonly files: readonly TreeFile[];
  /** Why this cannot be deployed. Synthesis goes on all the same: destroying a cluster needs no test. */
  readonly problem?: string;
}

export interface BundleOptions {
  /** Folder of this package, whose `agent/` and `boot/` go along. */
  readonly packageRoot: string;
  /** Folder of the locustfile; everything in it goes along. */
  readonly testDirectory: string;
}

/** A test is code and some data; more would make every boot slow. */
export const BUNDLE_LIMIT_MIB = 50;

/** Compressing source code saves 100 kB of upload and takes a fifth of the synthesis; data is worth it. */
const COMPRESSED_FROM_BYTES = 256 * 1024;

/** Zip knows no time zone: the earliest time it can tell, in local time, is the same bytes everywhere. */
const MTIME = new Date(1980, 0, 1);

export function readBundle({ packageRoot, testDirectory }: BundleOptions): Bundle {
  const limit = BUNDLE_LIMIT_MIB * 1024 * 1024;
  const test = readTree(testDirectory, { limit, include: isTestFile });
  if (test === "missing")
    return broken("missing", `the folder of the test, ${testDirectory}, does not exist`);
  if (test === "too-big") {
    return broken(
      "too-big",
      `the folder of the test, ${testDirectory}, holds more than ${BUNDLE_LIMIT_MIB} MiB: move the test into a folder of its own or fetch big data from elsewhere`,
    );
  }
  const files = [
    ...below("test", test),
    ...packageFiles(packageRoot, "agent", isAgentFile),
    ...packageFiles(packageRoot, "boot", (path) => path.endsWith(".sh")),
  ].sort(byPath);
  return { hash: hashOf(files), files };
}

/** Writes the bundle as a zip which is the same, byte for byte, for the same files. */
export function writeBundle(bundle: Bundle, file: string): void {
  const entries: Zippable = {};
  for (const { path, mode, bytes } of bundle.files) {
    const level = bytes.length < COMPRESSED_FROM_BYTES ? 0 : 6;
    // The upper half of the attributes is the Unix mode, 0o100000 says "regular file", os 3 is Unix.
    entries[path] = [bytes, { level, mtime: MTIME, os: 3, attrs: (0o100000 | mode) * 0x10000 }];
  }
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, zipSync(entries));
}

function packageFiles(packageRoot: string, folder: string, include: TreeOptions["include"]): TreeFile[] {
  const files = readTree(join(packageRoot, folder), { include });
  return typeof files === "string" ? [] : below(folder, files);
}

function isTestFile(path: string): boolean {
  const [name = ""] = path.split("/").slice(-1);
  return (
    ![".git", ".venv", "__pycache__", ".DS_Store"].includes(name) &&
    !name.endsWith(".pyc") &&
    !/^requirements-.*\.lock$/.test(name)
  );
}

function isAgentFile(path: string): boolean {
  if (path.includes("__pycache__")) return false;
  if (!path.includes(".")) return path === "hooks" || path.startsWith("locust_cluster");
  return path === "hooks/locust_cluster_hooks.py" || /^locust_cluster\/.*\.(?:py|typed)$/.test(path);
}

function below(folder: string, files: readonly TreeFile[]): TreeFile[] {
  return files.map((file) => ({ ...file, path: `${folder}/${file.path}` }));
}

function byPath(a: TreeFile, b: TreeFile): number {
  return a.path < b.path ? -1 : 1;
}

function hashOf(files: readonly TreeFile[]): string {
  const hash = createHash("sha256");
  for (const { path, mode, bytes } of files) {
    hash.update(JSON.stringify([path, mode, bytes.length])).update(bytes);
  }
  return hash.digest("hex").slice(0, CONTENT_NAME_DIGITS);
}

function broken(hash: string, problem: string): Bundle {
  return { hash, files: [], problem };
}
