import {
  BatchPutScheduledUpdateGroupActionCommand,
  CreateLaunchConfigurationCommand,
  DeleteScheduledActionCommand,
  DescribeScheduledActionsCommand,
  PutScheduledUpdateGroupActionCommand,
  type ScheduledUpdateGroupActionRequest,
} from "@aws-sdk/client-auto-scaling";
import { setTimeout as sleep } from "node:timers/promises";
import { type Api, apiOf } from "../../simulator/account/clients";
import { bringForward } from "../../simulator/account/scheduled-actions";
import { EmulatedGroup } from "../helpers/emulated-group";
import { describeEmulated } from "../helpers/emulated-suite";

const HOUR = 3_600_000;
const later = (ms: number) => new Date(Math.ceil(Date.now() / 1000) * 1000 + ms);

/** What takes a fleet back when its master never returns. */
describeEmulated("scheduled actions of the emulated account", (suite) => {
  let api: Api;
  let group: EmulatedGroup;

  const put = (action: Partial<ScheduledUpdateGroupActionRequest>, of = group.name) =>
    api.autoScaling.send(
      new PutScheduledUpdateGroupActionCommand({
        AutoScalingGroupName: of,
        ScheduledActionName: "shrink",
        ...action,
      }),
    );
  const scheduled = async () => {
    const asked = new DescribeScheduledActionsCommand({ AutoScalingGroupName: group.name });
    return (await api.autoScaling.send(asked)).ScheduledUpdateGroupActions ?? [];
  };
  const remove = (ScheduledActionName: string) =>
    api.autoScaling.send(
      new DeleteScheduledActionCommand({ AutoScalingGroupName: group.name, ScheduledActionName }),
    );

  beforeAll(async () => {
    api = apiOf(suite().aws.account);
    group = await EmulatedGroup.create(api, { name: "scheduled", zones: ["us-east-1a"] });
  });

  test("one of a name is there, and the last one counts", async () => {
    await put({ StartTime: later(HOUR), DesiredCapacity: 1 });
    await put({ StartTime: later(2 * HOUR), DesiredCapacity: 0 });
    expect(await scheduled()).toMatchObject([{ ScheduledActionName: "shrink", DesiredCapacity: 0 }]);
    await remove("shrink");
    expect(await scheduled()).toEqual([]);
    await expect(remove("shrink")).rejects.toThrow("Scheduled action name not found");
  });

  test("is carried out at its time while nobody asks, within the new bounds, and says so", async () => {
    await group.setCapacity(2);
    const start = later(2_000);
    await put({ StartTime: new Date(start.getTime() + HOUR), DesiredCapacity: 0, MaxSize: 4 });
    await bringForward(suite().aws.account, HOUR / 1000);
    expect(await group.describe()).toMatchObject({ DesiredCapacity: 2 });
    await sleep(start.getTime() - Date.now() + 4_000);
    expect(await group.describe()).toMatchObject({ DesiredCapacity: 0, MaxSize: 4 });
    expect(await scheduled()).toEqual([]);
    const [{ Cause, StartTime } = {}] = await group.activities();
    expect(Cause).toMatch(
      /^At \S+Z a scheduled action update of AutoScalingGroup constraints to min: 0, max: 4, desired: 0 changing the desired capacity from 2 to 0\. {2}At /,
    );
    expect(StartTime!.getTime() - start.getTime()).toBeLessThan(3_000);
  });

  test("changes nothing when its capacity is not between the group's sizes", async () => {
    const before = await group.describe();
    await put({ StartTime: later(1_000), DesiredCapacity: 15 });
    await sleep(3_500);
    expect(await scheduled()).toEqual([]);
    const { DesiredCapacity, MaxSize } = before!;
    expect(await group.describe()).toMatchObject({ DesiredCapacity, MaxSize });
  });

  test("is refused as by AWS", async () => {
    const action = { StartTime: later(HOUR), DesiredCapacity: 0 };
    const [past, same] = ["Given start time is in the past", "this scheduled start time already exists"];
    await expect(put({ ...action, StartTime: later(-HOUR) })).rejects.toThrow(past);
    await expect(put({ StartTime: later(HOUR) })).rejects.toThrow("At least one of MinSize");
    const [low, high] = ["greater than or equal to min size", "less than or equal to max size"];
    await expect(put({ ...action, MinSize: 1 })).rejects.toThrow(`Desired capacity must be ${low}`);
    await expect(put({ ...action, DesiredCapacity: 3, MaxSize: 2 })).rejects.toThrow(high);
    await expect(put(action, "nobody")).rejects.toThrow("AutoScalingGroup nobody not found");
    await put(action);
    await expect(put({ ...action, ScheduledActionName: "other" })).rejects.toThrow(same);
    const actions = Array.from({ length: 124 }, (_, i) => ({
      ScheduledActionName: `action-${i}`,
      StartTime: later(2 * HOUR + i * 60_000),
      DesiredCapacity: 0,
    }));
    for (const from of [0, 50, 100]) {
      const ScheduledUpdateGroupActions = actions.slice(from, from + 50);
      await api.autoScaling.send(
        new BatchPutScheduledUpdateGroupActionCommand({
          AutoScalingGroupName: group.name,
          ScheduledUpdateGroupActions,
        }),
      );
    }
    expect(await scheduled()).toHaveLength(125);
    await expect(put({ ...action, ScheduledActionName: "other" })).rejects.toMatchObject({
      name: "LimitExceededFault",
    });
    await put({ ...action, StartTime: later(90 * 60_000) });
  });

  test("a group has a launch template, and a name of its own", async () => {
    const configuration = new CreateLaunchConfigurationCommand({ LaunchConfigurationName: "old" });
    await expect(api.autoScaling.send(configuration)).rejects.toThrow("Use launch templates");
    await expect(
      EmulatedGroup.create(api, { name: "scheduled", zones: ["us-east-1a"] }),
    ).rejects.toMatchObject({ name: "AlreadyExistsFault" });
  });
});
