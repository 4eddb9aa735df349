import { execFile } from "node:child_process";
import { delimiter, dirname, join } from "node:path";
import { promisify } from "node:util";
import { packageRoot } from "../../lib/model/package-root";
import { ensureDevVenv } from "../../runtimes/python/ensure-venv";

/** As agent/pyproject.toml names them. */
const PROFILES = ["api", "bodies", "manifest", "node-record"];

/** Writes the types for Python, whose generator is one of the tools in `.venv-dev`; agent/tests/test_documents.py holds them. */
export async function writePythonTypes(): Promise<void> {
  const roots = { packageRoot: packageRoot(), projectRoot: packageRoot() };
  const { python } = await ensureDevVenv(roots, (message) => console.error(message));
  // It formats with ruff, which it looks for in PATH.
  const env = { ...process.env, PATH: [dirname(python), process.env["PATH"]].join(delimiter) };
  for (const profile of PROFILES) {
    const args = ["-m", "datamodel_code_generator", "--profile", profile];
    await promisify(execFile)(python, args, { cwd: join(packageRoot(), "agent"), env });
  }
}
