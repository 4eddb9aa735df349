import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, readlinkSync } from "node:fs";
import { oneLine } from "../../lib/model/one-line";

/** Longer command lines are cut: a sentence has to hold them. */
const LONGEST = 60;

/** TCP_LISTEN of Linux (include/net/tcp_states.h), as /proc/net/tcp writes it. */
const LISTENING = "0A";

/** The process that listens on a port, as far as this user may know: that of another user stays unnamed. */
export function listenerOf(port: number): number | undefined {
  return existsSync("/proc/net/tcp") ? listenerInProc(port) : listenerByLsof(port);
}

/** `process 4711 (python3 -m http.server)`, for sentences. */
export function describeListener(pid: number): string {
  const command = commandOf(pid);
  if (!command) return `process ${pid}`;
  const shown = command.length > LONGEST ? `${command.slice(0, LONGEST - 1)}…` : command;
  return `process ${pid} (${oneLine(shown)})`;
}

function listenerInProc(port: number): number | undefined {
  const sockets = new Set(["/proc/net/tcp", "/proc/net/tcp6"].flatMap((table) => listening(table, port)));
  if (sockets.size === 0) return undefined;
  const pids = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  const pid = pids.find((name) => openFiles(`/proc/${name}/fd`).some((file) => sockets.has(file)));
  return pid === undefined ? undefined : Number(pid);
}

/** Names of the sockets that listen on the port (proc(5): `local_address` is hexadecimal, `inode` the tenth column). */
function listening(table: string, port: number): string[] {
  const rows = attempt(() => readFileSync(table, "utf8").trim().split("\n").slice(1)) ?? [];
  return rows.flatMap((row) => {
    const [, local = "", , state, , , , , , inode] = row.trim().split(/\s+/);
    const isIt = state === LISTENING && Number.parseInt(local.split(":")[1] ?? "", 16) === port;
    return isIt ? [`socket:[${inode}]`] : [];
  });
}

function openFiles(folder: string): string[] {
  const names = attempt(() => readdirSync(folder)) ?? [];
  return names.flatMap((name) => attempt(() => readlinkSync(`${folder}/${name}`)) ?? []);
}

function listenerByLsof(port: number): number | undefined {
  return Number.parseInt(run("lsof", ["-nP", "-t", `-iTCP:${port}`, "-sTCP:LISTEN"])) || undefined;
}

function commandOf(pid: number): string {
  const file = `/proc/${pid}/cmdline`;
  const words = attempt(() => readFileSync(file, "utf8").split("\0").join(" "));
  return (words ?? run("ps", ["-o", "args=", "-p", String(pid)])).trim();
}

function run(command: string, args: readonly string[]): string {
  const stdio: ["ignore", "pipe", "ignore"] = ["ignore", "pipe", "ignore"];
  return attempt(() => execFileSync(command, args, { encoding: "utf8", stdio })) ?? "";
}

/** Processes come and go while they are looked at, and those of other users may not be. */
function attempt<T>(look: () => T): T | undefined {
  try {
    return look();
  } catch {
    return undefined;
  }
}
