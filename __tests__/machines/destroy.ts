import { DescribeInstancesCommand } from "@aws-sdk/client-ec2";
import { ListBucketsCommand, S3Client } from "@aws-sdk/client-s3";
import { ControlGroup } from "../../simulator/control-group";
import { mountedDisks } from "../../simulator/disk";
import { namespaces } from "../../simulator/namespace";
import { apiOf, clientOptions } from "../helpers/api";
import type { MachineTest } from "./machine-test";
import { report, until } from "./patience";

export function destroyTests(machineTest: MachineTest): void {
  machineTest(
    "destroy while a test runs: no error, and nothing is left in the account",
    async (deployment) => {
      const { cluster, simulation, master } = deployment;
      await master.start(50, 50);
      const { code } = await cluster.destroy((line) => report(line));
      expect(code).toBe(0);
      const { account } = simulation.aws;
      const { Reservations: reservations = [] } = await apiOf(account).ec2.send(
        new DescribeInstancesCommand({}),
      );
      const states = reservations.flatMap(({ Instances: all = [] }) =>
        all.map(({ State: state }) => state?.Name),
      );
      expect(states.filter((state) => state !== "terminated")).toEqual([]);
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
