import {
  PutScheduledUpdateGroupActionCommand,
  ResumeProcessesCommand,
  SetInstanceHealthCommand,
  SuspendProcessesCommand,
  UpdateAutoScalingGroupCommand,
  type UpdateAutoScalingGroupType,
} from "@aws-sdk/client-auto-scaling";
import { setTimeout as sleep } from "node:timers/promises";
import { setCapacity } from "../../simulator/account/capacity";
import { type Api, apiOf } from "../../simulator/account/clients";
import { EmulatedGroup } from "../helpers/emulated-group";
import { describeEmulated } from "../helpers/emulated-suite";
import { eventually } from "../helpers/eventually";

/** Longer than a group takes to act. */
const A_WHILE = 2_500;

describeEmulated(
  "processes and settings of a group in the emulated account",
  (suite) => {
    let api: Api;
    let group: EmulatedGroup;

    const processes = (...ScalingProcesses: string[]) => ({
      AutoScalingGroupName: group.name,
      ScalingProcesses,
    });
    const suspend = (...names: string[]) =>
      api.autoScaling.send(new SuspendProcessesCommand(processes(...names)));
    const resume = (...names: string[]) =>
      api.autoScaling.send(new ResumeProcessesCommand(processes(...names)));
    const update = (change: Partial<UpdateAutoScalingGroupType>) =>
      api.autoScaling.send(
        new UpdateAutoScalingGroupCommand({ AutoScalingGroupName: group.name, ...change }),
      );
    const setUnhealthy = (InstanceId: string) =>
      api.autoScaling.send(new SetInstanceHealthCommand({ InstanceId, HealthStatus: "Unhealthy" }));

    beforeAll(async () => {
      api = apiOf(suite().aws.account);
      group = await EmulatedGroup.create(api, { name: "processes", zones: ["us-east-1a"] });
    });

    test("acts on another capacity only after a moment", async () => {
      await group.setCapacity(1);
      expect(await group.describe()).toMatchObject({ DesiredCapacity: 1, Instances: [] });
      await group.has(1);
    });

    test("starts no machine while Launch is suspended", async () => {
      await suspend("Launch");
      expect((await group.describe())?.SuspendedProcesses).toMatchObject([{ ProcessName: "Launch" }]);
      await group.setCapacity(2);
      await sleep(A_WHILE);
      expect((await group.describe())?.Instances).toHaveLength(1);
      await resume("Launch");
      await group.has(2);
      expect((await group.describe())?.SuspendedProcesses).toEqual([]);
    });

    test.each(["Terminate", "ReplaceUnhealthy"])(
      "ends no unhealthy machine while %s is suspended",
      async (name) => {
        await suspend(name);
        const [first] = await group.members();
        await setUnhealthy(first!.InstanceId!);
        await sleep(A_WHILE);
        const still = (await group.members()).find(({ InstanceId }) => InstanceId === first!.InstanceId);
        expect(still?.HealthStatus).toBe("Unhealthy");
        await resume(name);
        await eventually(
          "another machine in its place",
          () => group.members(),
          (found) => found.length === 2 && found.every(({ InstanceId }) => InstanceId !== first!.InstanceId),
        );
      },
    );

    test("ends no machine that is too many while Terminate is suspended", async () => {
      await suspend("Terminate");
      await group.setCapacity(1);
      await sleep(A_WHILE);
      expect(await group.members()).toHaveLength(2);
      await resume("Terminate");
      await group.has(1);
    });

    test("does not make up for a scheduled action of while they were suspended", async () => {
      await suspend("ScheduledActions");
      const start = new Date(Math.ceil(Date.now() / 1000) * 1000 + 1_000);
      const action = { AutoScalingGroupName: group.name, ScheduledActionName: "grow", StartTime: start };
      await api.autoScaling.send(new PutScheduledUpdateGroupActionCommand({ ...action, DesiredCapacity: 3 }));
      await sleep(A_WHILE);
      await resume("ScheduledActions");
      await sleep(1_000);
      expect(await group.describe()).toMatchObject({ DesiredCapacity: 1 });
    });

    test("spreads its machines over its zones anew when AZRebalance is resumed", async () => {
      group = await EmulatedGroup.create(api, { name: "wide", zones: ["us-east-1a", "us-east-1b"] });
      await suspend("AZRebalance");
      await setCapacity(suite().aws.account, { lacks: [{ zone: "us-east-1b" }] });
      await group.setCapacity(2);
      await group.has(2);
      await setCapacity(suite().aws.account, {});
      const zones = async () =>
        (await group.members()).map(({ AvailabilityZone }) => AvailabilityZone).sort();
      await sleep(A_WHILE);
      expect(await zones()).toEqual(["us-east-1a", "us-east-1a"]);
      await resume("AZRebalance");
      await eventually("both zones", zones, (found) => found.join() === "us-east-1a,us-east-1b");
    });

    test("refuses what AWS does not know, or does not allow together", async () => {
      const validation = { name: "ValidationError" };
      await expect(suspend("Start")).rejects.toMatchObject(validation);
      await expect(resume("Start")).rejects.toMatchObject(validation);
      await expect(update({ TerminationPolicies: ["Oldest"] })).rejects.toMatchObject(validation);
      await expect(update({ DesiredCapacity: 15 })).rejects.toMatchObject({
        ...validation,
        message: "Desired capacity:15 must be between the specified min size:0 and max size:5",
      });
      const { LaunchTemplate } = (await group.describe())!.MixedInstancesPolicy!;
      const strategy = { SpotAllocationStrategy: "cheapest" };
      await expect(
        update({ MixedInstancesPolicy: { LaunchTemplate, InstancesDistribution: strategy } }),
      ).rejects.toMatchObject({
        ...validation,
        message:
          "SpotAllocationStrategy is not valid. Valid options are: [lowest-price, capacity-optimized, capacity-optimized-prioritized, price-capacity-optimized].",
      });
      const template = { InstanceMarketOptions: { MarketType: "spot" } } as const;
      await expect(
        EmulatedGroup.create(api, { name: "both", zones: ["us-east-1a"], template }),
      ).rejects.toMatchObject({
        name: "InvalidQueryParameter",
        message:
          "Incompatible launch template: You cannot use a launch template that is set to request Spot Instances (InstanceMarketOptions) when you configure an Auto Scaling group with a mixed instances policy. Add a different launch template to the group and try again.",
      });
    });
  },
  { pendingSeconds: 1, shuttingDownSeconds: 1, healthCheckSeconds: 0.5 },
);
