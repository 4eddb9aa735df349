/**
 * What figures per fleet cost a master of 200 workers with 10 names each: processor time of a report and of a timeline's row, with and
 * without fleets in one process (agent/bench/fleets.py).
 *
 * Usage: npm run bench:fleets [reports of a round]
 */
import { execFile } from "node:child_process";
import { cpus } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { packageRoot } from "../lib/model/package-root";
import { projectRoot } from "../lib/model/project";
import { ensureDevVenv } from "../runtimes/python/ensure-venv";
import { formatBytes } from "../test-runs/formats/format";

type Kinds = Readonly<Record<"without" | "with", number>>;

interface Measured {
  readonly report_ms: Kinds;
  readonly row_ms: Kinds;
  readonly row_bytes: Kinds;
  readonly document_bytes: number;
}

const REPORTS = 100;

async function main(reports: number): Promise<void> {
  const agent = join(packageRoot(), "agent");
  const roots = { packageRoot: packageRoot(), projectRoot: projectRoot() };
  const { python } = await ensureDevVenv(roots, (line) => console.error(line));
  const script = [join(agent, "bench", "fleets.py"), String(reports)];
  const { stdout } = await promisify(execFile)(python, script, {
    env: { ...process.env, PYTHONPATH: agent },
  });
  const { report_ms, row_ms, row_bytes, document_bytes } = JSON.parse(stdout) as Measured;
  console.log("| | without fleets | with three | ratio |\n| --- | --- | --- | --- |");
  for (const [title, kinds, unit] of [
    ["a report", report_ms, "ms"],
    ["a row", row_ms, "ms"],
    ["a row of timeline.csv", row_bytes, "B"],
  ] as const) {
    const [before, after] = [kinds.without, kinds.with];
    console.log(
      `| ${title} | ${before.toFixed(2)} ${unit} | ${after.toFixed(2)} ${unit} | ${(after / before).toFixed(2)} |`,
    );
  }
  console.log(
    `\n${formatBytes(document_bytes)} in run.json, on ${cpus().length} × ${cpus()[0]?.model.trim()}`,
  );
}

main(Number(process.argv[2] ?? REPORTS)).catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
