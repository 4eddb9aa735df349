import * as ec2 from "@aws-sdk/client-ec2";
import { setTimeout as sleep } from "node:timers/promises";
import { type Api, apiOf } from "../../simulator/account/clients";
import { describeEmulated } from "../helpers/emulated-suite";

const ADDRESS = "172.31.0.10";

/** What a deploy that is killed half-way, and one that replaces a machine, meet on AWS. */
describeEmulated(
  "an instance of the emulated account",
  (suite) => {
    let api: Api;
    let subnet: string;
    let group: string;
    let id: string;

    beforeAll(async () => {
      api = apiOf(suite().aws.account);
      const { Subnets: [found] = [] } = await api.ec2.send(new ec2.DescribeSubnetsCommand());
      subnet = String(found?.SubnetId);
      const named = { GroupName: "workers", Description: "workers", VpcId: found?.VpcId };
      group = String((await api.ec2.send(new ec2.CreateSecurityGroupCommand(named))).GroupId);
    });

    const launch = () =>
      api.ec2.send(
        new ec2.RunInstancesCommand({
          ImageId: "ami-0deb1a13a64000001",
          InstanceType: "c7g.large",
          SubnetId: subnet,
          PrivateIpAddress: ADDRESS,
          SecurityGroupIds: [group],
          MinCount: 1,
          MaxCount: 1,
        }),
      );
    const describe = async () => {
      const { Reservations = [] } = await api.ec2.send(new ec2.DescribeInstancesCommand());
      return Reservations.flatMap(({ Instances = [] }) => Instances);
    };
    const state = async () => (await describe()).find(({ InstanceId }) => InstanceId === id)?.State?.Name;
    const deleteGroup = () => api.ec2.send(new ec2.DeleteSecurityGroupCommand({ GroupId: group }));
    const createInterface = () =>
      api.ec2.send(new ec2.CreateNetworkInterfaceCommand({ SubnetId: subnet, PrivateIpAddress: ADDRESS }));

    test("exists before the one who launched it learns its id", async () => {
      let answered = false;
      const answer = launch().finally(() => (answered = true));
      while ((await describe()).length === 0) await sleep(20);
      expect(answered).toBe(false);
      id = String((await answer).Instances?.[0]?.InstanceId);
      expect((await describe()).map(({ InstanceId }) => InstanceId)).toEqual([id]);
    });

    test("is pending before it is running", async () => {
      expect(await state()).toBe("pending");
      while ((await state()) === "pending") await sleep(50);
      expect(await state()).toBe("running");
    });

    test("holds its address and its groups until it is gone", async () => {
      await api.ec2.send(new ec2.TerminateInstancesCommand({ InstanceIds: [id] }));
      expect(await state()).toBe("shutting-down");
      await expect(launch()).rejects.toMatchObject({ name: "InvalidIPAddress.InUse" });
      await expect(createInterface()).rejects.toMatchObject({ name: "InvalidIPAddress.InUse" });
      await expect(deleteGroup()).rejects.toMatchObject({ name: "DependencyViolation" });
      expect((await api.ec2.send(new ec2.DescribeVolumesCommand())).Volumes).toHaveLength(1);
      expect(await state()).toBe("shutting-down");

      while ((await state()) === "shutting-down") await sleep(50);
      expect(await state()).toBe("terminated");
      await deleteGroup();
      expect((await api.ec2.send(new ec2.DescribeVolumesCommand())).Volumes).toEqual([]);
      await createInterface();
    });
  },
  { answerSeconds: 1, pendingSeconds: 3, shuttingDownSeconds: 3 },
);
