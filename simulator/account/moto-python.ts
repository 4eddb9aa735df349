import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { projectRoot } from "../../lib/model/project";

/** The Python that has moto: the project's own, then the one on the PATH, then that of an installed `moto_server`. */
export function findMotoPython(): string | undefined {
  const candidates = [
    join(projectRoot(), ".venv-dev", "bin", "python"),
    "python3",
    interpreterOf("moto_server"),
  ];
  return candidates.find((python) => python !== undefined && hasMoto(python));
}

function hasMoto(python: string): boolean {
  const test =
    "import importlib.util as u, sys; sys.exit(not (u.find_spec('moto') and u.find_spec('flask_cors')))";
  try {
    execFileSync(python, ["-c", test], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

function interpreterOf(script: string): string | undefined {
  const folders = (process.env["PATH"] ?? "").split(delimiter);
  const file = folders.map((folder) => join(folder, script)).find((candidate) => existsSync(candidate));
  return file && /^#!(\S*python\S*)/.exec(readFileSync(file, "latin1"))?.[1];
}
