import { DescribeInstancesCommand } from "@aws-sdk/client-ec2";
import { type Api, apiOf } from "../../simulator/account/clients";
import { allNotices, interruptSpot, recommendRebalance } from "../../simulator/account/notices";
import { EmulatedGroup } from "../helpers/emulated-group";
import { eventually } from "../helpers/eventually";
import { describeEmulated } from "../helpers/emulated-suite";

/** What the machines of a fleet on spot capacity are told, and what follows. */
describeEmulated(
  "a spot notice in the emulated account",
  (suite) => {
    let api: Api;
    let group: EmulatedGroup;
    let id: string;

    const account = () => suite().aws.account;
    const notices = async () => (await allNotices(account()))[id];
    const instance = async () => {
      const asked = new DescribeInstancesCommand({ InstanceIds: [id] });
      return (await api.ec2.send(asked)).Reservations?.[0]?.Instances?.[0];
    };

    beforeAll(async () => {
      api = apiOf(account());
      group = await EmulatedGroup.create(api, { name: "spot", zones: ["us-east-1a"], spot: true });
      await group.setCapacity(1);
      id = (await group.has(1))[0]!.InstanceId!;
    });

    test("is not there before AWS gives one", async () => {
      expect(await notices()).toEqual({ "autoscaling/target-lifecycle-state": "InService" });
    });

    test("may be preceded by a recommendation, from which nothing follows", async () => {
      await recommendRebalance(account(), id);
      const { "events/recommendations/rebalance": told = "" } = (await notices()) ?? {};
      expect(JSON.parse(told)).toEqual({ noticeTime: expect.stringMatching(/^\S+T\S+Z$/) as string });
    });

    test("tells when the machine ends; then AWS ends it, and the group replaces it", async () => {
      const end = Date.now() + 8_000;
      await interruptSpot(account(), id, 8);
      const { "spot/instance-action": told = "" } = (await notices()) ?? {};
      const { action, time } = JSON.parse(told) as { action: string; time: string };
      expect(action).toBe("terminate");
      expect(Math.abs(Date.parse(time) - end)).toBeLessThan(3_000);
      expect((await instance())?.State?.Name).toBe("running");
      expect(await group.members()).toHaveLength(1);

      const ended = await eventually("its end", instance, (found) => found?.State?.Name !== "running");
      expect(Date.now()).toBeGreaterThanOrEqual(end);
      expect(ended?.StateReason?.Code).toBe("Server.SpotInstanceTermination");
      await group.replaced(id);
      await eventually("no notice", notices, (told) => told === undefined);
    });

    test("comes to a running instance on spot capacity only", async () => {
      await expect(interruptSpot(account(), id)).rejects.toThrow(
        `${id} is no running instance on spot capacity`,
      );
    });
  },
  { pendingSeconds: 1, shuttingDownSeconds: 2, healthCheckSeconds: 1 },
);
