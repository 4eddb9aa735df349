import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { readRequirements, REQUIREMENTS_FILE } from "../../lib/model/requirements";
import { labelOf } from "./label";
import type { OnProgress } from "./progress";
import { productLock, resolve } from "./resolve";
import { provide } from "./venv";

interface VenvOptions {
  readonly packageRoot: string;
  readonly projectRoot: string;
  readonly testDirectory: string;
  readonly locustVersion: string;
  /** Python version of the machines, used here too if this computer has it. @default - any recent one */
  readonly pythonVersion?: string;
  /** Variables for the programs that are started, besides this process's own. @default {} */
  readonly env?: NodeJS.ProcessEnv;
}

/** `.venv`: the machines' packages, for this computer. The local cluster runs in it. */
export function ensureVenv(options: VenvOptions, onProgress: OnProgress): Promise<{ python: string }> {
  const { packageRoot, projectRoot, testDirectory, locustVersion } = options;
  const agent = ["requirements.in", "requirements.lock"].map((name) =>
    readRequirements(join(packageRoot, "agent", name)),
  );
  const own = readRequirements(join(testDirectory, REQUIREMENTS_FILE));
  return provide({
    ...options,
    venv: join(projectRoot, ".venv"),
    inputs: hashOf(process.arch, locustVersion, own, ...agent),
    context: { requirements: labelOf(testDirectory, projectRoot), platform: "this computer", locustVersion },
    onProgress,
    lock: async (tools, scratch) => productLock(options) ?? (await resolve({ ...options, scratch }, tools)),
  });
}

/** `.venv-dev`: the same packages and the tools for working on this project. */
export function ensureDevVenv(
  options: Pick<VenvOptions, "packageRoot" | "projectRoot" | "env">,
  onProgress: OnProgress,
): Promise<{ python: string }> {
  const { packageRoot, projectRoot } = options;
  const lock = readFileSync(join(packageRoot, "agent", "requirements-dev.lock"), "utf8");
  return provide({
    ...options,
    venv: join(projectRoot, ".venv-dev"),
    inputs: hashOf(process.arch, lock),
    context: {
      requirements: "agent/requirements-dev.in",
      platform: "this computer",
      locustVersion: "of the lock",
    },
    onProgress,
    lock: () => Promise.resolve(lock),
  });
}

function hashOf(...parts: readonly string[]): string {
  return createHash("sha256").update(JSON.stringify(parts)).digest("hex");
}
