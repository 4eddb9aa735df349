import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import { projectRoot } from "../lib/model/project";

/** The process that clears away if this one cannot; not in our control group, which it ends, nor in reach of Ctrl-C. */
export function startCleanUp(): ChildProcess {
  const script = join(projectRoot(), "simulator", "clean-up-process.ts");
  const node = ["--require", "ts-node/register/transpile-only", script];
  return spawn(process.execPath, node, {
    cwd: projectRoot(),
    detached: true,
    stdio: ["pipe", "ignore", "ignore"],
  });
}
