import { DescribeInstancesCommand } from "@aws-sdk/client-ec2";
import { setTimeout as sleep } from "node:timers/promises";
import { type Api, apiOf } from "../../simulator/account/clients";
import { allNotices, interruptSpot, recommendRebalance } from "../../simulator/account/notices";
import { EmulatedGroup } from "../helpers/emulated-group";
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
      await interruptSpot(account(), id, 3);
      const { "spot/instance-action": told = "" } = (await notices()) ?? {};
      const { action, time } = JSON.parse(told) as { action: string; time: string };
      expect(action).toBe("terminate");
      expect(Math.abs(Date.parse(time) - Date.now() - 3_000)).toBeLessThan(1_500);
      expect((await instance())?.State?.Name).toBe("running");
      expect(await group.members()).toHaveLength(1);

      await sleep(4_500);
      expect(await instance()).toMatchObject({
        State: { Name: expect.stringMatching(/shutting-down|terminated/) as string },
        StateReason: { Code: "Server.SpotInstanceTermination" },
      });
      let now = await group.members();
      while (now.length !== 1 || now[0]!.InstanceId === id) {
        await sleep(100);
        now = await group.members();
      }
      expect(await notices()).toBeUndefined();
    });

    test("comes to a running instance on spot capacity only", async () => {
      await expect(interruptSpot(account(), id)).rejects.toThrow(
        `${id} is no running instance on spot capacity`,
      );
    });
  },
  { pendingSeconds: 1, shuttingDownSeconds: 2, healthCheckSeconds: 1 },
);
