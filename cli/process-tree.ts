import { execFile } from "node:child_process";
import { basename } from "node:path";
import { promisify } from "node:util";

interface Entry {
  readonly pid: number;
  readonly parent: number;
  readonly program: string;
}

/** Processes below `pid` that run `program`. `ps` speaks the same on Linux and macOS with these columns. */
export async function findDescendants(pid: number, program: string): Promise<number[]> {
  const { stdout } = await promisify(execFile)("ps", ["-axo", "pid=,ppid=,comm="]);
  return descendants(parse(stdout), pid)
    .filter((entry) => basename(entry.program) === program)
    .map((entry) => entry.pid);
}

function parse(text: string): Entry[] {
  return text.split("\n").flatMap((line) => {
    const match = /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line);
    return match ? [{ pid: Number(match[1]), parent: Number(match[2]), program: match[3]!.trim() }] : [];
  });
}

function descendants(entries: readonly Entry[], pid: number): Entry[] {
  const children = entries.filter(({ parent }) => parent === pid);
  return children.flatMap((child) => [child, ...descendants(entries, child.pid)]);
}
