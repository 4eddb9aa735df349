/**
 * A day of one test of 100 names, in minutes: memory of the master with and without its bounds, and what its copies
 * send to the bucket against whole files (agent/bench/day.py).
 *
 * Usage: npm run bench:day [hours]
 */
import { execFile } from "node:child_process";
import { cpus } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { packageRoot } from "../lib/model/package-root";
import { projectRoot } from "../lib/model/project";
import { ensureDevVenv } from "../runtimes/python/ensure-venv";
import { formatBytes } from "../test-runs/formats/format";

/** Bytes. */
interface Day {
  readonly after_ten_minutes: number;
  readonly at_the_end: number;
  readonly history: number;
  readonly sent: number;
  readonly whole: number;
  readonly timeline: number;
}

const HOURS = 24;

async function live(python: string, hours: number, kind: "bounded" | "plain"): Promise<Day> {
  const agent = join(packageRoot(), "agent");
  const { stdout } = await promisify(execFile)(
    python,
    [join(agent, "bench", "day.py"), String(hours), kind],
    {
      env: { ...process.env, PYTHONPATH: agent },
    },
  );
  return JSON.parse(stdout) as Day;
}

async function main(hours: number): Promise<void> {
  const begun = Date.now();
  const roots = { packageRoot: packageRoot(), projectRoot: projectRoot() };
  const { python } = await ensureDevVenv(roots, (line) => console.error(line));
  const [ours, plain] = await Promise.all([live(python, hours, "bounded"), live(python, hours, "plain")]);
  const rows: [string, number | undefined, number][] = [
    ["memory after 10 minutes", plain.after_ten_minutes, ours.after_ten_minutes],
    [`memory after ${hours} h`, plain.at_the_end, ours.at_the_end],
    ["history in page and report", plain.history, ours.history],
    ["sent to the bucket", ours.whole, ours.sent],
    ["timeline.csv", undefined, ours.timeline],
  ];
  console.log("| | without bounds, whole files | here |\n| --- | --- | --- |");
  for (const [title, before, after] of rows) {
    console.log(`| ${title} | ${before === undefined ? "-" : formatBytes(before)} | ${formatBytes(after)} |`);
  }
  const seconds = Math.round((Date.now() - begun) / 1000);
  console.log(`\n${seconds} s on ${cpus().length} × ${cpus()[0]?.model.trim()}`);
}

main(Number(process.argv[2] ?? HOURS)).catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
