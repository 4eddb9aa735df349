/**
 * Time of one synthesis: through ts-node, and compiled; with few workers and with many.
 *
 * Usage: npm run bench:synth
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { projectRoot } from "../lib/model/project";

const RUNS = 5;
const WORKERS = [2, 200];
const WAYS = [
  { name: "npx ts-node main.ts", command: "npx", args: ["ts-node", "main.ts"], targetSeconds: 2 },
  { name: "node dist/main.js", command: process.execPath, args: ["dist/main.js"], targetSeconds: 0.35 },
];

function synthesize(command: string, args: readonly string[], workers: number, outdir: string): number {
  const start = process.hrtime.bigint();
  const { status, stderr, error } = spawnSync(command, args, {
    cwd: projectRoot(),
    env: { ...process.env, CDKTF_OUTDIR: outdir, LOCUST_CLUSTER_WORKERS_COUNT: String(workers) },
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(`${command} ${args.join(" ")} failed: ${error?.message ?? stderr}`);
  return Number(process.hrtime.bigint() - start) / 1e9;
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;
}

function main(): void {
  const outdir = mkdtempSync(join(tmpdir(), "locust-cluster-bench-"));
  try {
    console.log(`| way | workers | median | fastest | target |\n| --- | --- | --- | --- | --- |`);
    for (const { name, command, args, targetSeconds } of WAYS) {
      for (const workers of WORKERS) {
        const seconds = Array.from({ length: RUNS }, () => synthesize(command, args, workers, outdir));
        const [middle, fastest] = [median(seconds), Math.min(...seconds)].map(
          (each) => `${each.toFixed(2)} s`,
        );
        console.log(`| ${name} | ${workers} | ${middle} | ${fastest} | ${targetSeconds.toFixed(2)} s |`);
      }
    }
    console.log(
      `\n${RUNS} runs each, ${cpus().length} × ${cpus()[0]?.model.trim()}, Node ${process.version}`,
    );
  } finally {
    rmSync(outdir, { recursive: true });
  }
}

main();
