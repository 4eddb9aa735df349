import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

/**
 * Runs a command in a real terminal, made by tmux, and gives the lines on it as they were written: one that the terminal
 * has wrapped is one line again.
 *
 * @param command for `sh`; what it writes must fit into 200 rows
 */
export async function linesInTerminal(
  command: string,
  columns: number,
  env: NodeJS.ProcessEnv,
): Promise<string[]> {
  const folder = mkdtempSync(join(tmpdir(), "locust-cluster-tmux-"));
  // A server of its own, without the user's settings; it ends with its session.
  const tmux = (...args: string[]) =>
    run("tmux", ["-S", join(folder, "socket"), "-f", "/dev/null", ...args], { env });
  const over = join(folder, "over");
  try {
    const size = ["-x", String(columns), "-y", "200"];
    await tmux("new-session", "-d", ...size, `{ ${command}; }; tmux wait-for -S ${over}; cat`);
    await tmux("wait-for", over);
    const { stdout } = await tmux("capture-pane", "-p", "-J");
    return stdout
      .trimEnd()
      .split("\n")
      .map((line) => line.trimEnd());
  } finally {
    await tmux("kill-server").catch(() => undefined);
    rmSync(folder, { recursive: true });
  }
}
