import { spawn } from "node:child_process";
import { join } from "node:path";
import { packageRoot } from "../lib/model/package-root";
import { ensureDevVenv } from "../runtimes/python/ensure-venv";
import { runMain } from "./run-main";

/** Python outside of `agent/` that follows its rules. */
const SCRIPTS = ["runtimes", "cli", "locust", "recipes", "__tests__/checkov"];

/** Python with rules of its own, in a `ruff.toml` beside it. */
const OTHERS = ["simulator"];

/** Tests that mostly wait for real Locust processes. */
const SLOW = [
  "tests/plugin/workers/test_lasting_stop.py",
  "tests/plugin/workers/test_missing_workers.py",
  "tests/runs/test_killed_master.py",
  "tests/runs/test_unusual_tests.py",
  "tests/runs/test_mishaps.py",
];
const WITHOUT_SLOW = SLOW.flatMap((file) => ["--ignore", file]);

/** The agent's tests with processes of Locust, in three parts of about the same time, which run at once. */
const LOCUST = [
  ["tests", "--ignore", "tests/runs", ...WITHOUT_SLOW],
  ["tests/runs", ...WITHOUT_SLOW],
  SLOW,
].map((part) => ["pytest", "-m", "locust", ...part]);

/**
 * Checks the Python of this project, as `npm run test:agent` does; with `--locust` runs the tests that it leaves out,
 * as `npm run test:locust` does. Other arguments go to pytest.
 */
async function main(args: readonly string[]): Promise<number> {
  const root = packageRoot();
  const roots = { packageRoot: root, projectRoot: root };
  const { python } = await ensureDevVenv(roots, (message) => console.error(message));
  const folders = ["--config", "pyproject.toml", ".", ...SCRIPTS.map((name) => join(root, name))];
  const others = OTHERS.map((name) => join(root, name));
  const scripts = [
    join(root, "runtimes", "python", "pack.py"),
    join(root, "cli", "deploy", "preflight", "inspect_test.py"),
    join(root, "cli", "local", "check_push.py"),
    join(root, "runtimes", "python", "packed_modules.py"),
  ];
  const steps = [
    [folders, others].map((where) => ["ruff", "format", "--check", ...where]),
    [folders, others].map((where) => ["ruff", "check", ...where]),
    [
      ["mypy"],
      ["mypy", "--cache-dir", ".mypy_cache/scripts", ...scripts],
      ["pytest", ...(args.length > 0 ? args : ["-m", "not locust"])],
    ],
  ];
  for (const step of args[0] === "--locust" ? [LOCUST] : steps) {
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

runMain(main);
