import type { Machine } from "../../simulator/machine";

export interface Part {
  readonly name: string;
  readonly seconds: number;
}

/**
 * Parts of the time from the started units of a worker to its connected processes, of the process that is last in each.
 *
 * @param connected when all were connected, in milliseconds
 */
export async function partsOfStart(machine: Machine, connected: number): Promise<Part[]> {
  const { stdout } = await machine.exec([
    "bash",
    "-c",
    `systemctl show 'locust-worker@*' --timestamp=us+utc -p InactiveExitTimestamp -p ExecMainStartTimestamp
     journalctl --no-hostname -o short-unix -u 'locust-worker@*' -g 'Starting Locust'`,
  ]);
  return toParts(stdout, connected);
}

/**
 * When Locust on the master has last said that a worker is connected, in milliseconds: the same for every way to boot
 * one.
 *
 * @param began when the boot began, in milliseconds
 * @throws Error if the journal does not tell
 */
export async function connectedAt(master: Machine, began: number): Promise<number> {
  const since = `@${Math.floor(began / 1000)}`;
  const { stdout } = await master.exec([
    ...["journalctl", "--no-hostname", "-o", "short-unix", "-u", "locust-master", "--since", since],
    ...["-g", "reported as ready"],
  ]);
  return lastReady(stdout);
}

export function lastReady(journal: string): number {
  const times = [...journal.matchAll(/^(\d+\.\d+) .* reported as ready\./gm)];
  if (times.length === 0) throw new Error("the master's journal does not tell when a worker was connected");
  return Math.max(...times.map(([, seconds]) => Number(seconds) * 1000));
}

export function toParts(answer: string, connected: number): Part[] {
  const times = (pattern: RegExp, toMs: (text: string) => number) =>
    [...answer.matchAll(pattern)].map(([, text = ""]) => toMs(text));
  const fromUtc = (text: string) => Date.parse(`${text.replace(" ", "T")}Z`);
  const begun = Math.min(...times(/^InactiveExitTimestamp=\w+ (\S+ \S+) UTC/gm, fromUtc));
  const launched = Math.max(...times(/^ExecMainStartTimestamp=\w+ (\S+ \S+) UTC/gm, fromUtc));
  const imported = Math.max(...times(/^(\d+\.\d+) .*Starting Locust/gm, (text) => Number(text) * 1000));
  return [
    { name: "update", seconds: (launched - begun) / 1000 },
    { name: "imports", seconds: (imported - launched) / 1000 },
    { name: "connection", seconds: (connected - imported) / 1000 },
  ];
}
