import { setTimeout as sleep } from "node:timers/promises";
import { ADDRESSES } from "../../simulator/namespace";
import type { Deployment } from "./deployment";
import type { MachineTest } from "./machine-test";
import { report, until } from "./patience";
import { RefusedUploads } from "./refused-uploads";
import { filesInBucket, filesOnMaster } from "./run-files";
import { idIn, stateOf } from "./runs";
import { SmallDisk } from "./small-disk";
import { WallClock } from "./wall-clock";

const LOAD = ["-u", "50", "-r", "50", "-H", `http://${ADDRESSES.target}`];
const PROCESSES = 4;
const HOUR = 3600;

/** The agent has tried again at all of its intervals, the longest too (agent/locust_cluster/service/upload.py). */
const REFUSED_S = 120;
/** Its longest interval, and the time to copy. */
const UPLOAD_S = 45;

async function start(deployment: Deployment, ...options: string[]): Promise<string> {
  await until("all workers are connected", 40, async () => (await deployment.connected()) === PROCESSES);
  const run = idIn((await deployment.cli("run", ...LOAD, ...options, "--detach")).lines);
  await until("it runs", 20, async () => (await stateOf(deployment, run)) === "running");
  return run;
}

/** Rows go forward in time, two seconds apart, and there are about as many as the run had time for. */
function expectWhole(times: readonly number[], seconds: number): void {
  const steps = times.slice(1).map((time, index) => (time - times[index]!) / 1000);
  expect(Math.min(...steps)).toBeGreaterThan(0);
  expect(Math.max(...steps)).toBeLessThan(8);
  expect(times.length).toBeGreaterThan(seconds / 2 - 3);
}

/** Seconds by which the master's clock is ahead of the true time, as its answers say. */
async function ahead({ master }: Deployment): Promise<number> {
  const answer = await master.request("/cluster/health");
  return (Date.parse(answer.headers.get("date") ?? "") - Date.now()) / 1000;
}

export function mishapTests(machineTest: MachineTest): void {
  // The bucket refuses the runs from the first of these tests to the last: minutes for it, none for the tests.
  let refused: RefusedUploads;
  const ended: string[] = [];

  machineTest(
    "a clock that is set back an hour: the run is recorded, aborted and ended as without",
    async (deployment) => {
      refused = new RefusedUploads(deployment);
      await refused.begin();
      const clock = new WallClock(deployment.simulation.node("master").machine);
      await clock.install();
      try {
        const run = await start(deployment, "-t", "12s");
        const begun = performance.now();
        await sleep(4_000);
        await clock.set(-HOUR);
        await until("the page shows it", 5, async () => (await ahead(deployment)) < 10 - HOUR);
        await until("it is over", 30, async () => (await stateOf(deployment, run)) === "finished");
        const seconds = (performance.now() - begun) / 1000;
        report(`a run of 12 s took ${seconds.toFixed(1)} s with the clock set back in it`);
        expect(seconds).toBeGreaterThan(10);
        expect(seconds).toBeLessThan(20);
        expectWhole(await deployment.master.timeline(run), 12);

        // Back again before the next: a run that begins an hour early would be no test of this one.
        await clock.set(0);
        await sleep(1_500);
        const impossible = ["--abort-threshold", "rps > 100000", "--grace", "8s"];
        const aborted = await start(deployment, "-t", "2m", ...impossible);
        await clock.set(-HOUR);
        await until("it is aborted", 30, async () => (await stateOf(deployment, aborted)) === "finished");
        ended.push(run, aborted);
      } finally {
        await clock.remove();
      }
    },
  );

  machineTest(
    "a disk that is full at the end of a run: the run is not over before all its files are written",
    async (deployment) => {
      const { simulation, outputs, master, cluster } = deployment;
      const disk = new SmallDisk(simulation.node("master").machine);
      await disk.mount(16);
      try {
        const run = await start(deployment, "-t", "8s");
        await disk.fill();
        const reason = async () => (await master.runs())?.runs.find(({ id }) => id === run)?.reason ?? "";
        await until("it has ended and cannot be written", 30, async () =>
          (await reason()).includes("cannot be written"),
        );
        report(`the run is ${await stateOf(deployment, run)}: ${await reason()}`);
        expect(await stateOf(deployment, run)).toBe("stopping");
        // What Terraform calls before it takes away a master.
        const { code } = await cluster.command([
          ...["keep", "--replacing", "--cluster", cluster.name, "--region", outputs.region],
          ...["--bucket", outputs.bucket, "--master", outputs.master_url],
        ]);
        expect(code).not.toBe(0);
        expect(await stateOf(deployment, run)).toBe("stopping");
        await disk.makeRoom();
        const seconds = await until(
          "it is over",
          10,
          async () => (await stateOf(deployment, run)) === "finished",
        );
        report(`it was over ${seconds.toFixed(1)} s after there was room`);
        expect(Object.keys(await filesOnMaster(deployment, run))).toEqual(
          expect.arrayContaining(["report.html", "run.json", "stats.csv", "timeline.csv"]),
        );
        ended.push(run);
      } finally {
        await disk.makeRoom();
        await disk.remove();
      }
    },
  );

  machineTest(
    "a bucket that refuses the runs for two minutes: all are kept, and arrive when it takes them",
    async (deployment) => {
      try {
        expect(ended).toHaveLength(3);
        await sleep(Math.max(0, REFUSED_S - refused.seconds) * 1000);
        for (const run of ended) expect(await filesInBucket(deployment, run)).toEqual({});
        report(`the bucket refused the runs for ${refused.seconds.toFixed(0)} s`);
      } finally {
        await refused.end();
      }
      const arrived = async (run: string) => "run.json" in (await filesInBucket(deployment, run));
      const seconds = await until("they are in the bucket", UPLOAD_S, async () =>
        (await Promise.all(ended.map(arrived))).every(Boolean),
      );
      report(`they were in the bucket ${seconds.toFixed(1)} s after it took them again`);
      for (const run of ended)
        expect(await filesInBucket(deployment, run)).toEqual(await filesOnMaster(deployment, run));
    },
  );
}
