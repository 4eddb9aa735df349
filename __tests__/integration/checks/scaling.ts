import { setTimeout as sleep } from "node:timers/promises";
import {
  AutoScalingClient,
  type AutoScalingGroup,
  CreateAutoScalingGroupCommand,
  DeleteAutoScalingGroupCommand,
  DeleteScheduledActionCommand,
  DescribeAutoScalingGroupsCommand,
  DescribeScalingActivitiesCommand,
  PutScheduledUpdateGroupActionCommand,
  SetDesiredCapacityCommand,
  UpdateAutoScalingGroupCommand,
} from "@aws-sdk/client-auto-scaling";
import type { Account } from "../../../simulator/account/account";
import type { Api } from "../../../simulator/account/clients";
import type { EmulatedCluster } from "../../../tools/trials/emulated-cluster";
import { machineOptions } from "../../helpers/machine-options";

interface ScalingCheck {
  readonly account: () => Account;
  readonly cluster: () => EmulatedCluster;
  readonly api: () => Api;
  /** That of the cluster's fleet. */
  readonly group: () => Promise<AutoScalingGroup>;
}

const ANOTHER = "locust-another-eu-01234567";
const REFUSED = { name: "AccessDenied" };

/** What the roles of a cluster's machines may do with its fleet, and with one that is not its own. */
export function checkScaling({ account, cluster, api, group }: ScalingCheck): void {
  const as = async (instanceId: string): Promise<AutoScalingClient> =>
    new AutoScalingClient(await machineOptions(account(), instanceId));
  const master = async (): Promise<AutoScalingClient> => {
    const { nodes } = await cluster().outputs();
    return as(nodes.find(({ role }) => role === "master")!.instance_id);
  };

  test("the master sets its fleet's capacity, now and at a time, and sees why AWS gives none", async () => {
    const client = await master();
    const { AutoScalingGroupName } = await group();
    const action = { AutoScalingGroupName, ScheduledActionName: "shrink" };
    const later = new Date(Date.now() + 3_600_000);
    await client.send(new SetDesiredCapacityCommand({ AutoScalingGroupName, DesiredCapacity: 3 }));
    await client.send(
      new PutScheduledUpdateGroupActionCommand({ ...action, StartTime: later, DesiredCapacity: 0 }),
    );
    await client.send(new DeleteScheduledActionCommand(action));
    await client.send(new DescribeScalingActivitiesCommand({ AutoScalingGroupName }));
    const { AutoScalingGroups } = await client.send(new DescribeAutoScalingGroupsCommand());
    expect(AutoScalingGroups).toMatchObject([{ AutoScalingGroupName, DesiredCapacity: 3 }]);
  });

  test("AWS takes the fleet back at the time that its master has said, whether or not the master is there", async () => {
    const { AutoScalingGroupName } = await group();
    const action = { AutoScalingGroupName, ScheduledActionName: "shrink", DesiredCapacity: 2 };
    const at = (ms: number) =>
      new PutScheduledUpdateGroupActionCommand({ ...action, StartTime: new Date(Date.now() + ms) });
    const client = await master();
    await expect(client.send(at(-1_000))).rejects.toThrow("Given start time is in the past");
    await client.send(at(5_000));
    expect(await group()).toMatchObject({ DesiredCapacity: 3 });
    await sleep(5_000);
    expect(await group()).toMatchObject({ DesiredCapacity: 2 });
  });

  test("the master changes nothing else of it, and another cluster's fleet not at all", async () => {
    const client = await master();
    const own = await group();
    const { AutoScalingGroupName } = own;
    await expect(
      client.send(new UpdateAutoScalingGroupCommand({ AutoScalingGroupName, MaxSize: 100 })),
    ).rejects.toMatchObject(REFUSED);
    await expect(
      client.send(new DeleteAutoScalingGroupCommand({ AutoScalingGroupName, ForceDelete: true })),
    ).rejects.toMatchObject(REFUSED);

    const another = { AutoScalingGroupName: ANOTHER };
    const { LaunchTemplateId, Version } =
      own.MixedInstancesPolicy?.LaunchTemplate?.LaunchTemplateSpecification ?? {};
    await api().autoScaling.send(
      new CreateAutoScalingGroupCommand({
        ...another,
        MinSize: 0,
        MaxSize: 1,
        VPCZoneIdentifier: own.VPCZoneIdentifier,
        LaunchTemplate: { LaunchTemplateId, Version },
        // Even with the tags of this one.
        Tags: own.Tags?.map(({ Key, Value }) => ({ Key, Value })),
      }),
    );
    try {
      await expect(
        client.send(new SetDesiredCapacityCommand({ ...another, DesiredCapacity: 1 })),
      ).rejects.toMatchObject(REFUSED);
    } finally {
      await api().autoScaling.send(new DeleteAutoScalingGroupCommand(another));
    }
  });

  test("a machine of the fleet sets no capacity", async () => {
    const { AutoScalingGroupName, Instances = [] } = await group();
    const [machine] = Instances.filter(({ LifecycleState }) => LifecycleState === "InService");
    const client = await as(machine!.InstanceId!);
    await expect(
      client.send(new SetDesiredCapacityCommand({ AutoScalingGroupName, DesiredCapacity: 4 })),
    ).rejects.toMatchObject(REFUSED);
  });
}
