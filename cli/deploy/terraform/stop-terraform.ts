import { execFile } from "node:child_process";
import { basename } from "node:path";
import { promisify } from "node:util";

const PROGRAMS = ["terraform", "tofu"];

/** A line about a process: number of its parent, and program. Throws when there is no such process, or no `ps`. */
export type Look = (pid: number) => Promise<string>;

const ps: Look = async (pid) =>
  (await promisify(execFile)("ps", ["-o", "ppid=,comm=", "-p", String(pid)])).stdout;

/**
 * The command that stops the Terraform which has called us, in order, as its own Ctrl-C does. That of `cdktf deploy` has
 * been seen to leave an empty state.
 */
export async function stopTerraform(look = ps, parent = process.ppid): Promise<string> {
  try {
    for (let pid = parent; pid > 1;) {
      const [above, program = ""] = (await look(pid)).trim().split(/\s+/, 2);
      if (PROGRAMS.includes(basename(program))) return `kill -INT ${pid}`;
      pid = Number(above);
    }
  } catch {
    // No `ps` here, or one that knows no `-p`.
  }
  return "kill -INT <process id of Terraform>";
}
