import { join } from "node:path";
import {
  DescribeAddressesCommand,
  DescribeInstanceAttributeCommand,
  DescribeInstancesCommand,
  DescribeVolumesCommand,
  type Instance,
} from "@aws-sdk/client-ec2";
import { architectureOf } from "../../../lib/model/instance-type";
import type { NodeOutput } from "../../../lib/model/outputs";
import { renderUserData } from "../../../lib/model/user-data";
import type { Deployed } from "./deployed";

export function checkMachines(deployed: () => Deployed): void {
  /** Every machine of the outputs with what EC2 says of it. */
  const machines = async (): Promise<[NodeOutput, Instance][]> => {
    const { api, outputs } = deployed();
    const InstanceIds = outputs.nodes.map(({ instance_id }) => instance_id);
    const { Reservations = [] } = await api.ec2.send(new DescribeInstancesCommand({ InstanceIds }));
    const instances = Reservations.flatMap(({ Instances = [] }) => Instances);
    return outputs.nodes.map((node) => {
      const instance = instances.find(({ InstanceId }) => InstanceId === node.instance_id);
      if (!instance) throw new Error(`no instance ${node.instance_id}`);
      return [node, instance];
    });
  };

  test("runs what the outputs say: types, addresses, Debian of the right architecture", async () => {
    for (const [node, instance] of await machines()) {
      expect(instance).toMatchObject({
        State: { Name: "running" },
        InstanceType: node.instance_type,
        PrivateIpAddress: node.private_ip,
        PublicIpAddress: node.public_ip,
        Architecture: architectureOf(node.instance_type),
      });
    }
  });

  test("boots the user data that lib/model/user-data.ts renders, byte for byte", async () => {
    const { api, config, outputs, folder } = deployed();
    for (const { instance_id, role, instance_type } of outputs.nodes) {
      const attribute = { InstanceId: instance_id, Attribute: "userData" } as const;
      const { UserData } = await api.ec2.send(new DescribeInstanceAttributeCommand(attribute));
      expect(Buffer.from(String(UserData?.Value), "base64").toString()).toBe(
        renderUserData(
          {
            role,
            cluster: config.name,
            region: config.region,
            bucketRegion: config.region,
            architecture: architectureOf(instance_type),
            image: "debian-13",
            masterHost: outputs.master_private_ip,
            pythonVersion: config.machines.pythonVersion,
          },
          join(folder, "userdata"),
        ),
      );
    }
  });

  test("requires IMDSv2 and shows the instance's tags there, the bucket's name among them", async () => {
    const { config, outputs } = deployed();
    for (const [node, instance] of await machines()) {
      expect(instance.MetadataOptions).toMatchObject({
        HttpTokens: "required",
        InstanceMetadataTags: "enabled",
      });
      const tags = Object.fromEntries<unknown>(
        (instance.Tags ?? []).map(({ Key, Value }) => [String(Key), Value]),
      );
      expect(tags).toEqual({
        Name: `${config.name}-${node.name}`,
        "locust-cluster-name": config.name,
        "locust-cluster-node": node.name,
        "locust-cluster-role": node.role,
        "locust-cluster-bucket": outputs.bucket,
        "locust-cluster-state": expect.stringMatching(/^local:[0-9a-f-]{36}$/) as unknown,
        "locust-cluster-role-id": expect.stringMatching(/^AROA[A-Z0-9]+$/) as string,
        ...config.tags,
      });
    }
  });

  test("keeps its system on an encrypted gp3 volume that goes with the machine", async () => {
    const { api, config } = deployed();
    for (const [, instance] of await machines()) {
      const [device] = instance.BlockDeviceMappings ?? [];
      expect(device?.Ebs?.DeleteOnTermination).toBe(true);
      const VolumeIds = [String(device?.Ebs?.VolumeId)];
      const { Volumes } = await api.ec2.send(new DescribeVolumesCommand({ VolumeIds }));
      expect(Volumes).toMatchObject([
        { Encrypted: true, VolumeType: "gp3", Size: config.machines.rootVolumeGiB },
      ]);
    }
  });

  test("the master's public address is an Elastic IP", async () => {
    const { api, outputs } = deployed();
    const PublicIps = [outputs.master_public_ip];
    const { Addresses } = await api.ec2.send(new DescribeAddressesCommand({ PublicIps }));
    expect(Addresses).toMatchObject([{ InstanceId: outputs.nodes[0]?.instance_id }]);
  });

  test("workers are spread over the zones", async () => {
    const workers = (await machines()).filter(([{ role }]) => role === "worker");
    const zones = workers.map(([, { Placement }]) => Placement?.AvailabilityZone);
    expect(new Set(zones).size).toBe(Math.min(workers.length, deployed().config.network.zones));
  });
}
