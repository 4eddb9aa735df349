import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { projectRoot } from "../lib/project";
import { UserError } from "../lib/user-error";
import { ensureDevVenv } from "./local";

/** Python of this project that lies outside of `agent/`. */
const SCRIPTS = ["environment", "cli", "locust"];

/** Checks the Python of this project, as `npm run test:agent` does. Arguments go to pytest. */
async function main(args: readonly string[]): Promise<number> {
  const root = projectRoot();
  const { python } = await ensureDevVenv({ projectRoot: root }, (message) => console.error(message));
  const folders = [".", ...SCRIPTS.map((name) => join(root, name))];
  const checks = [
    ["ruff", "format", "--check", "--config", "pyproject.toml", ...folders],
    ["ruff", "check", "--config", "pyproject.toml", ...folders],
    ["mypy"],
    ["mypy", join(root, "environment", "pack.py"), join(root, "cli", "inspect_test.py")],
    ["pytest", ...args],
  ];
  for (const check of checks) {
    console.error(`> ${check.map((word) => word.replace(`${root}/`, "")).join(" ")}`);
    const { status } = spawnSync(python, ["-m", ...check], { cwd: join(root, "agent"), stdio: "inherit" });
    if (status !== 0) return status ?? 1;
  }
  return 0;
}

main(process.argv.slice(2)).then(
  (code) => (process.exitCode = code),
  (error: unknown) => {
    if (!(error instanceof UserError)) throw error;
    console.error([error.message, error.hint].filter(Boolean).join(": "));
    process.exitCode = 2;
  },
);
