import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { optionsFor, type Platform } from "./platform";
import type { Toolchain } from "./toolchain";

/** Unpacks the packages of a lock for another system into a new folder below `scratch`. */
export async function install(
  lock: string,
  platform: Platform,
  scratch: string,
  tools: Toolchain,
): Promise<string> {
  const file = join(scratch, "install.lock");
  writeFileSync(file, lock);
  const folder = join(scratch, "packages");
  const pinned = ["--require-hashes", "--no-deps", "--requirements", file];
  const forWhom = ["--python", tools.python.executable, ...optionsFor(platform)];
  await tools.uv(["pip", "install", "--target", folder, ...pinned, ...forWhom]);
  return folder;
}
