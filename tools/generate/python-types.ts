import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { promisify } from "node:util";
import { packageRoot } from "../../lib/model/package-root";
import { ensureDevVenv } from "../../runtimes/python/ensure-venv";

/** What agent/pyproject.toml says of each module to be written. */
const PROFILE = /^\[tool\.datamodel-codegen\.profiles\.([\w-]+)\]$/gm;

/** Writes the types for Python, whose generator is one of the tools in `.venv-dev`; agent/tests/test_documents.py holds them. */
export async function writePythonTypes(): Promise<void> {
  const roots = { packageRoot: packageRoot(), projectRoot: packageRoot() };
  const { python } = await ensureDevVenv(roots, (message) => console.error(message));
  // It formats with ruff, which it looks for in PATH.
  const env = { ...process.env, PATH: [dirname(python), process.env["PATH"]].join(delimiter) };
  const agent = join(packageRoot(), "agent");
  const settings = readFileSync(join(agent, "pyproject.toml"), "utf8");
  for (const [, profile = ""] of settings.matchAll(PROFILE)) {
    const args = ["-m", "datamodel_code_generator", "--profile", profile];
    await promisify(execFile)(python, args, { cwd: agent, env });
  }
}
