import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { readBundle } from "../../lib/model/bundle";
import { toLocalManifest } from "../../lib/model/manifest";
import { MANIFEST_KEY } from "../../protocol/generated/constants";
import { nodeNames, processFolder, secretFile, type LocalPlan } from "./local-plan";

/** Creates the layout of a machine's /opt/locust-cluster: links to the environment, the test and the agent. */
export function writeRelease(plan: LocalPlan, environment: string): void {
  const { folder } = plan;
  for (const part of ["release", "run", "state", "work", "store", "bundle"])
    rmSync(join(folder, part), { recursive: true, force: true });
  const release = join(folder, "release");
  const manifest = join(folder, "store", MANIFEST_KEY);
  for (const path of [release, dirname(manifest)]) mkdirSync(path, { recursive: true });
  for (const node of nodeNames(plan)) {
    mkdirSync(processFolder(plan, node), { recursive: true });
    mkdirSync(join(folder, "state", node), { recursive: true });
  }
  writeSecret(plan);
  const current = `${JSON.stringify(toLocalManifest(plan), null, 2)}\n`;
  linkRelease(release, { environment, bundle: copyBundle(plan), current });
  writeFileSync(manifest, current);
}

/** As the master of a deployed cluster has it (agent/locust_cluster/common/secret.py); the page's login is the test's own. */
function writeSecret(plan: LocalPlan): void {
  const file = secretFile(plan);
  rmSync(file, { force: true });
  if (!plan.token) return;
  const [password, session_key] = [randomBytes(24).toString("hex"), randomBytes(32).toString("hex")];
  const secret = { username: "locust", password, token: plan.token, session_key };
  writeFileSync(file, JSON.stringify(secret), { mode: 0o600 });
}

interface ReleaseParts {
  /** Folder of the virtual environment. */
  readonly environment: string;
  /** Folder with `test/` and `agent/`. */
  readonly bundle: string;
  /** Content of current.json. */
  readonly current: string;
}

export function linkRelease(release: string, { environment, bundle, current }: ReleaseParts): void {
  mkdirSync(release, { recursive: true });
  symlinkSync(environment, join(release, "venv"));
  symlinkSync(join(bundle, "test"), join(release, "test"));
  symlinkSync(join(bundle, "agent"), join(release, "agent"));
  writeFileSync(join(release, "current.json"), current);
}

/**
 * Copies the current test and agent, so that a restarted worker runs the same as the others even if you have edited the test
 * meanwhile. `push` brings a changed test.
 */
function copyBundle({ packageRoot, folder, test }: LocalPlan): string {
  const bundle = readBundle({ packageRoot, testDirectory: test.directory });
  const goal = join(folder, "bundle", bundle.hash);
  if (existsSync(goal)) return goal;
  for (const { path, mode, bytes } of bundle.files) {
    const file = join(`${goal}.part`, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, bytes, { mode });
  }
  renameSync(`${goal}.part`, goal);
  return goal;
}
