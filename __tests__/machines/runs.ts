import { ADDRESSES } from "../../simulator/namespace";
import type { Deployment } from "./deployment";
import type { MachineTest } from "./machine-test";
import { report, until } from "./patience";
import { filesAtHome, filesInBucket, filesOnMaster } from "./run-files";

const TARGET = `http://${ADDRESSES.target}`;
const LOAD = ["-u", "50", "-r", "50", "-H", TARGET];

/** The agent tries again half a minute after a failure (docs/store.md). */
const UPLOAD_S = 45;

export function idIn(lines: readonly string[]): string {
  const id = /\d{8}-\d{6}(-[a-z0-9]+)*/.exec(lines.join("\n"))?.[0];
  if (id === undefined) throw new Error(`no run in: ${lines.join("\n")}`);
  return id;
}

export function runTests(machineTest: MachineTest): void {
  machineTest("a run is judged by its thresholds, and its files come home", async (deployment) => {
    const limits = ["--threshold", "fail_ratio < 1%", "--threshold", "p95 < 5s", "--threshold", "rps > 20"];
    const { code, lines } = await deployment.cli("run", ...LOAD, "-t", "8s", "--name", "checkout", ...limits);
    expect(code).toBe(0);
    const run = idIn(lines);
    expect(lines.join("\n")).toMatch(/run \S+-checkout passed\n/);
    expect(filesAtHome(deployment, run)).toEqual(await filesOnMaster(deployment, run));
  });

  machineTest("a run that misses a threshold is exit code 1", async (deployment) => {
    const { code, lines } = await deployment.cli("run", ...LOAD, "-t", "4s", "--threshold", "rps > 100000");
    expect(code).toBe(1);
    expect(lines.join("\n")).toMatch(/missed {2}rps > 100000/);
  });

  machineTest(
    "a run whose end finds the bucket out of reach is kept, and uploaded when it is back",
    async (deployment) => {
      const { simulation } = deployment;
      simulation.setStorageReachable(false);
      const run = idIn((await deployment.cli("run", ...LOAD, "-t", "6s", "--detach")).lines);
      await until("it is over", 30, async () => (await stateOf(deployment, run)) === "finished");
      expect(await filesInBucket(deployment, run)).toEqual({});
      const kept = await filesOnMaster(deployment, run);
      expect(Object.keys(kept)).toEqual(expect.arrayContaining(["run.json", "report.html", "stats.csv"]));
      simulation.setStorageReachable(true);
      const isThere = async () => "run.json" in (await filesInBucket(deployment, run));
      const seconds = await until("it is in the bucket", UPLOAD_S, isThere);
      report(`the run was in the bucket ${seconds.toFixed(1)} s after the bucket was back`);
      expect(await filesInBucket(deployment, run)).toEqual(kept);
    },
  );

  machineTest(
    "deploy refuses to replace the master during a run, and changes nothing",
    async (deployment) => {
      const { cluster, simulation, master } = deployment;
      const before = simulation.node("master").instance;
      const type = cluster.environment["LOCUST_CLUSTER_MASTER_INSTANCE_TYPE"] ?? "";
      const run = idIn((await deployment.cli("run", ...LOAD, "-t", "5m", "--detach")).lines);
      cluster.override({
        LOCUST_CLUSTER_MASTER_INSTANCE_TYPE: type === "t3.medium" ? "t3.large" : "t3.medium",
      });
      const { code, lines } = await cluster.deploy((line) => report(line));
      cluster.override({ LOCUST_CLUSTER_MASTER_INSTANCE_TYPE: type });
      expect(code).not.toBe(0);
      expect(lines.join("\n")).toContain(`run ${run}`);
      expect((await master.runs())?.active).toBe(run);
      expect(simulation.node("master").instance).toMatchObject({ id: before.id, type: before.type });
      expect((await deployment.cli("stop")).code).toBe(0);
    },
  );
}

export async function stateOf({ master }: Deployment, run: string): Promise<string | undefined> {
  return (await master.runs())?.runs.find(({ id }) => id === run)?.state;
}
