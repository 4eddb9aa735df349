/**
 * Time until the command line has said its help or listed the runs of this clone, against Node doing nothing.
 *
 * Usage: npm run bench:cli
 */
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { projectRoot } from "../lib/model/project";

const RUNS = 15;
const TARGET_S = 0.15;
const program = join(projectRoot(), "bin", "locust-cluster.js");

/** Median seconds of a child process. */
function time(args: readonly string[]): number {
  const seconds = Array.from({ length: RUNS }, () => {
    const begin = performance.now();
    execFileSync(process.execPath, args, { stdio: "ignore" });
    return (performance.now() - begin) / 1000;
  });
  return seconds.sort((left, right) => left - right)[Math.floor(RUNS / 2)]!;
}

execFileSync(process.execPath, [program, "--version"], { stdio: ["ignore", "ignore", "inherit"] }); // compiles
const bare = time(["-e", "0"]);
const help = time([program, "--help"]);
const alone = time([program]);
const runs = time([program, "runs"]);
process.stdout.write(
  `node -e 0               ${bare.toFixed(3)} s\n` +
    `locust-cluster --help   ${help.toFixed(3)} s (target: at most ${TARGET_S} s)\n` +
    `locust-cluster runs     ${runs.toFixed(3)} s (target: at most ${TARGET_S} s)\n` +
    `locust-cluster          ${alone.toFixed(3)} s\n` +
    `medians of ${RUNS} runs\n`,
);
if (Math.max(help, runs) > TARGET_S) process.exitCode = 1;
