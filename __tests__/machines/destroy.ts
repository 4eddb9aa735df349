import { DescribeInstancesCommand } from "@aws-sdk/client-ec2";
import { ListBucketsCommand, S3Client } from "@aws-sdk/client-s3";
import { setTimeout as sleep } from "node:timers/promises";
import { ControlGroup } from "../../simulator/control-group";
import { mountedDisks } from "../../simulator/disk";
import { namespaces } from "../../simulator/namespace";
import { apiOf, clientOptions } from "../../simulator/account/clients";
import { nothingRegional, regionalInventory } from "../../simulator/account/inventory";
import type { Deployment } from "./deployment";
import type { MachineTest } from "./machine-test";
import { report, until } from "./patience";
import { filesAtHome, filesInBucket, filesOnMaster, type RunFiles, runsInBucket } from "./run-files";

/** In the page. */
const startTest = ({ master }: Deployment) => master.start(50, 50);

/**
 * @param start begins a test that goes on until it is stopped
 * @param elsewhere other regions that the cluster has something in
 */
export function destroyTests(
  machineTest: MachineTest,
  start = startTest,
  elsewhere: readonly string[] = [],
): void {
  machineTest(
    "destroy while a test runs: no error, all runs come home, and nothing is left in the account",
    async (deployment) => {
      const { cluster, simulation, master } = deployment;
      const before = new Map<string, RunFiles>();
      for (const run of await runsInBucket(deployment)) before.set(run, await filesInBucket(deployment, run));
      await start(deployment);
      await until("the test is a run", 20, async () => Boolean((await master.runs())?.active));
      const { active = null, runs = [] } = (await master.runs()) ?? {};
      for (const { id } of runs.filter((run) => run.id !== active))
        expect(before.get(id)).toEqual(await filesOnMaster(deployment, id));
      await sleep(5_000);
      const rows = (await master.timeline(active ?? "")).length;

      const { code } = await cluster.destroy((line) => report(line));
      expect(code).toBe(0);
      report(`${before.size + 1} runs at home`);
      expect(before.size).toBeGreaterThan(3);
      for (const [run, files] of before) expect(filesAtHome(deployment, run)).toEqual(files);
      const last = filesAtHome(deployment, active ?? "");
      expect(JSON.parse(last["run.json"] ?? "")).toMatchObject({ id: active, state: "finished" });
      expect(last["timeline.csv"]?.trim().split("\n").length).toBeGreaterThan(rows);

      const { account } = simulation.aws;
      const { Reservations: reservations = [] } = await apiOf(account).ec2.send(
        new DescribeInstancesCommand({}),
      );
      const states = reservations.flatMap(({ Instances: all = [] }) =>
        all.map(({ State: state }) => state?.Name),
      );
      expect(states.filter((state) => state !== "terminated")).toEqual([]);
      expect((await regionalInventory(apiOf(account)))["peerings"]).toEqual([]);
      for (const region of elsewhere)
        expect(await regionalInventory(apiOf(account, region))).toEqual(nothingRegional);
      const s3 = new S3Client({ ...clientOptions(account), forcePathStyle: true });
      expect((await s3.send(new ListBucketsCommand({}))).Buckets ?? []).toEqual([]);
      await until("no machine runs", 15, () => simulation.instances.length === 0);
    },
  );

  machineTest("the simulator leaves nothing on this host", async (deployment) => {
    await deployment.stop();
    expect(await namespaces()).toEqual([]);
    expect(ControlGroup.all()).toEqual([]);
    expect(mountedDisks()).toEqual([]);
  });
}
