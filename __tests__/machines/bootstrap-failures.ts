import { GetObjectCommand, ListObjectsV2Command, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { TerminateInstancesCommand } from "@aws-sdk/client-ec2";
import { apiOf, clientOptions } from "../../simulator/account/clients";
import type { Deployment } from "./deployment";
import type { MachineTest } from "./machine-test";
import { report, until } from "./patience";

function logOf({ simulation }: Deployment, node: string): string {
  try {
    return simulation.node(node).machine.read("var/log/user-data.log") ?? "";
  } catch {
    return "";
  }
}

export function bootstrapFailureTests(machineTest: MachineTest): void {
  machineTest(
    "a third worker boots while the bucket is out of reach: it tries again, and joins when it is back",
    async (deployment) => {
      const { cluster, simulation } = deployment;
      const master = simulation.node("master").machine;
      const started = async () =>
        (
          await master.exec([
            "systemctl",
            "show",
            "locust-master",
            "--property=ActiveEnterTimestampMonotonic",
          ])
        ).stdout;
      const before = await started();
      simulation.setStorageReachable(false);
      cluster.override({ LOCUST_CLUSTER_WORKERS_COUNT: "3" });
      const deploy = cluster.deploy((line) => report(line));
      await until("it tries again", 90, () => /again in \d+ s/.test(logOf(deployment, "worker-3")));
      simulation.setStorageReachable(true);
      expect((await deploy).code).toBe(0);
      expect(await deployment.master.connected()).toEqual({
        master: 0,
        "worker-1": 2,
        "worker-2": 2,
        "worker-3": 2,
      });
      // Growing leaves the others as they are.
      expect(await started()).toBe(before);
    },
  );

  machineTest(
    "a damaged environment archive is told with its step, exit code and log by deploy and status",
    async (deployment) => {
      const { cluster, simulation, outputs } = deployment;
      const { account } = simulation.aws;
      const s3 = new S3Client({ ...clientOptions(account), forcePathStyle: true });
      const { ec2 } = apiOf(account);
      const list = await s3.send(new ListObjectsV2Command({ Bucket: outputs.bucket, Prefix: "env/" }));
      const object = { Bucket: outputs.bucket, Key: list.Contents?.[0]?.Key };
      const sound = await (await s3.send(new GetObjectCommand(object))).Body?.transformToByteArray();
      await s3.send(new PutObjectCommand({ ...object, Body: sound?.subarray(0, 1_000_000) }));
      await ec2.send(
        new TerminateInstancesCommand({ InstanceIds: [simulation.node("worker-3").instance.id] }),
      );
      const deploy = await cluster.deploy((line) => report(line));
      const status = await cluster.command(["status"]);
      await s3.send(new PutObjectCommand({ ...object, Body: sound }));
      expect(deploy.code).not.toBe(0);
      for (const { lines } of [deploy, status]) {
        const text = lines.join("\n");
        expect(text).toMatch(/worker-3 failed at 'environment' \(exit code 2\)/);
        // The machine's own words, from its log.
        expect(text).toContain("tar: Unexpected EOF in archive");
      }
    },
  );
}
