import { describeLeftover, findUnknown } from "../../../../cli/deploy/leftovers/find";
import { autoScalingGroups } from "../../../../cli/deploy/leftovers/fleet-kinds";
import { removeLeftovers } from "../../../../cli/deploy/leftovers/remove";
import { MARK, search, toTags } from "./stub-account";

const GROUP = "shop-eu-0123abcd";
const MACHINE = { "locust-cluster-state": MARK, "aws:autoscaling:groupName": GROUP };
const account = {
  DescribeInstances: { Reservations: [{ Instances: [{ InstanceId: "i-1", Tags: toTags(MACHINE) }] }] },
  DescribeAutoScalingGroups: {
    AutoScalingGroups: [{ AutoScalingGroupName: GROUP, Tags: toTags({ Name: "shop-eu" }) }],
  },
  DescribeLaunchTemplates: {
    LaunchTemplates: [{ LaunchTemplateId: "lt-1", Tags: toTags({ Name: "shop-eu" }) }],
  },
};

describe("of a fleet", () => {
  test("group and template are found, before what they use, and no machine of the group", async () => {
    const { search: made } = search(account, { fleets: true });
    expect((await findUnknown(made)).leftovers.map(describeLeftover)).toEqual([
      `Auto Scaling group ${GROUP} (shop-eu)`,
      "launch template lt-1 (shop-eu)",
    ]);
  });

  test("nothing is a leftover while the state knows group and template", async () => {
    const { search: made } = search(account, { fleets: true, ids: new Set([GROUP, "lt-1"]) });
    expect((await findUnknown(made)).leftovers).toEqual([]);
  });

  test("nothing is asked for where there are no fleets", async () => {
    const { search: made, asked } = search(account);
    await findUnknown(made);
    expect(asked).not.toContain("DescribeAutoScalingGroups");
    expect(asked).not.toContain("DescribeLaunchTemplates");
  });

  test("only groups with the mark are looked for", async () => {
    const inputs: unknown[] = [];
    const { search: made } = search({
      DescribeAutoScalingGroups: (input: unknown) => {
        inputs.push(input);
        return {};
      },
    });
    await autoScalingGroups.find(made);
    expect(inputs).toEqual([
      expect.objectContaining({ Filters: [{ Name: "tag:locust-cluster-state", Values: [MARK] }] }),
    ]);
  });

  test("the group is deleted once, with its machines, and waited for", async () => {
    const states = [{}, { Status: "Delete in progress" }, undefined];
    const deleted: unknown[] = [];
    const { search: made, asked } = search({
      DescribeAutoScalingGroups: () => {
        const state = states.shift();
        return { AutoScalingGroups: state ? [{ AutoScalingGroupName: GROUP, ...state }] : [] };
      },
      DeleteAutoScalingGroup: (input: unknown) => {
        deleted.push(input);
        return {};
      },
    });
    const patience = { limitMs: 10_000, pauseMs: 1, sayAfterMs: [5_000, 5_000] as const };
    await removeLeftovers([{ kind: autoScalingGroups, id: GROUP }], made, patience);
    expect(deleted).toEqual([{ AutoScalingGroupName: GROUP, ForceDelete: true }]);
    expect(asked.filter((name) => name === "DescribeAutoScalingGroups")).toHaveLength(3);
  });
});
