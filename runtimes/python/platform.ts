import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Architecture } from "../../lib/model/instance-type";
import type { Toolchain } from "./toolchain";

/** The system that packages are chosen for, when it is not this computer. */
export interface Platform {
  readonly architecture: Architecture;
  /** `major.minor` */
  readonly pythonVersion: string;
}

/** Every package of the cluster has wheels for glibc 2.28, which Debian 13, Ubuntu 24.04 and Amazon Linux 2023 all have. */
const PLATFORMS: Readonly<Record<Architecture, string>> = {
  arm64: "aarch64-manylinux_2_28",
  x86_64: "x86_64-manylinux_2_28",
};

/** uv's options that make it choose for the platform. Machines have no compiler: wheels only. */
export function optionsFor({ architecture, pythonVersion }: Platform): readonly string[] {
  const platform = ["--python-platform", PLATFORMS[architecture], "--python-version", pythonVersion];
  return [...platform, "--only-binary", ":all:"];
}

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
