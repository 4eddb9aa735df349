import { GetObjectCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { TerminateInstancesCommand } from "@aws-sdk/client-ec2";
import { unzipSync, zipSync } from "fflate";
import { BUNDLES, ENVIRONMENTS, MANIFEST_KEY } from "../../protocol/generated/constants";
import type { Manifest } from "../../protocol/generated/manifest";
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
      const { deploy, status } = await bootWith(deployment, environmentOf, (sound) =>
        sound.subarray(0, 1_000_000),
      );
      for (const text of [deploy, status]) {
        expect(text).toMatch(/worker-3 failed at 'environment' \(exit code 2\)/);
        // The machine's own words, from its log.
        expect(text).toContain("tar: Unexpected EOF in archive");
      }
    },
  );

  machineTest(
    "a bundle that has lost the second stage is told the same way, and the machine joins when it is mended",
    async (deployment) => {
      const { deploy, status } = await bootWith(deployment, bundleOf, withoutSecondStage);
      for (const text of [deploy, status]) {
        expect(text).toMatch(/worker-3 failed at 'bundle' \(exit code 1\)/);
        expect(text).toContain("it holds something else than its name says");
      }
      await until("it has joined", 90, async () => (await deployment.master.connected())["worker-3"] === 2);
    },
  );
}

/** A deploy with a new third worker, while an object that it needs is spoilt; and what a status says then. */
async function bootWith(
  { cluster, simulation, outputs }: Deployment,
  keyOf: (manifest: Manifest) => string,
  spoil: (sound: Uint8Array) => Uint8Array,
): Promise<{ readonly deploy: string; readonly status: string }> {
  const { account } = simulation.aws;
  const s3 = new S3Client({ ...clientOptions(account), forcePathStyle: true });
  const { ec2 } = apiOf(account);
  const get = async (Key: string) =>
    (await s3.send(new GetObjectCommand({ Bucket: outputs.bucket, Key }))).Body!.transformToByteArray();
  const Key = keyOf(JSON.parse(Buffer.from(await get(MANIFEST_KEY)).toString()) as Manifest);
  const object = { Bucket: outputs.bucket, Key };
  const sound = await get(Key);
  await s3.send(new PutObjectCommand({ ...object, Body: spoil(sound) }));
  await ec2.send(new TerminateInstancesCommand({ InstanceIds: [simulation.node("worker-3").instance.id] }));
  const deploy = await cluster.deploy((line) => report(line));
  const status = await cluster.command(["status"]);
  await s3.send(new PutObjectCommand({ ...object, Body: sound }));
  expect(deploy.code).not.toBe(0);
  return { deploy: deploy.lines.join("\n"), status: status.lines.join("\n") };
}

/** Of the workers: the simulation has one architecture. */
function environmentOf({ environments }: Manifest): string {
  return `${ENVIRONMENTS}${Object.values(environments)[0]}.tar.gz`;
}

function bundleOf({ bundle }: Manifest): string {
  return `${BUNDLES}${bundle}.zip`;
}

function withoutSecondStage(bundle: Uint8Array): Uint8Array {
  const files = Object.entries(unzipSync(bundle)).filter(([path]) => !path.startsWith("boot/"));
  return zipSync(Object.fromEntries(files));
}
