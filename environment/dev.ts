import { spawn } from "node:child_process";
import { join } from "node:path";
import { projectRoot } from "../lib/project";
import { UserError } from "../lib/user-error";
import { ensureDevVenv } from "./local";

/** Python of this project that lies outside of `agent/`. */
const SCRIPTS = ["environment", "cli", "locust"];

/** Each half mostly waits for real Locust processes. */
const HALVES = [["tests/runs"], ["tests", "--ignore", "tests/runs"]];

/** Checks the Python of this project, as `npm run test:agent` does. Arguments go to pytest. */
async function main(args: readonly string[]): Promise<number> {
  const root = projectRoot();
  const { python } = await ensureDevVenv({ projectRoot: root }, (message) => console.error(message));
  const folders = [".", ...SCRIPTS.map((name) => join(root, name))];
  const scripts = [join(root, "environment", "pack.py"), join(root, "cli", "inspect_test.py")];
  const steps = [
    [["ruff", "format", "--check", "--config", "pyproject.toml", ...folders]],
    [["ruff", "check", "--config", "pyproject.toml", ...folders]],
    [["mypy"], ["mypy", "--cache-dir", ".mypy_cache/scripts", ...scripts]],
    args.length > 0 ? [["pytest", ...args]] : HALVES.map((half) => ["pytest", ...half]),
  ];
  for (const step of steps) {
    const codes = await Promise.all(step.map((check) => run(python, check, root)));
    const failed = codes.find((code) => code !== 0);
    if (failed !== undefined) return failed;
  }
  return 0;
}

/** Runs a tool and shows what it said when it has ended. */
async function run(python: string, check: readonly string[], root: string): Promise<number> {
  const child = spawn(python, ["-m", ...check], {
    cwd: join(root, "agent"),
    stdio: ["ignore", "pipe", "pipe"],
  });
  const chunks: Buffer[] = [];
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk: Buffer) => chunks.push(chunk));
  const code = await new Promise<number>((resolve, reject) => {
    child.once("error", reject).once("close", (status) => {
      resolve(status ?? 1);
    });
  });
  console.error(`> ${check.map((word) => word.replace(`${root}/`, "")).join(" ")}`);
  process.stderr.write(Buffer.concat(chunks));
  return code;
}

main(process.argv.slice(2)).then(
  (code) => (process.exitCode = code),
  (error: unknown) => {
    if (!(error instanceof UserError)) throw error;
    console.error([error.message, error.hint].filter(Boolean).join(": "));
    process.exitCode = 2;
  },
);
