import { execFile } from "node:child_process";
import { basename } from "node:path";
import { promisify } from "node:util";

const PROGRAMS = ["terraform", "tofu"];

/**
 * The command that stops the Terraform which has called us, in order, as its own Ctrl-C does. That of `cdktf deploy` has
 * been seen to leave an empty state.
 */
export async function stopTerraform(): Promise<string> {
  try {
    for (let pid = process.ppid; pid > 1;) {
      const { stdout } = await promisify(execFile)("ps", ["-o", "ppid=,comm=", "-p", String(pid)]);
      const [parent, program = ""] = stdout.trim().split(/\s+/, 2);
      if (PROGRAMS.includes(basename(program))) return `kill -INT ${pid}`;
      pid = Number(parent);
    }
  } catch {
    // No `ps` here, or one that knows no `-p`.
  }
  return "kill -INT <process id of Terraform>";
}
