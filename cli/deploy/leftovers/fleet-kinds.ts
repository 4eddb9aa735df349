import {
  DeleteAutoScalingGroupCommand,
  DescribeAutoScalingGroupsCommand,
  paginateDescribeAutoScalingGroups,
} from "@aws-sdk/client-auto-scaling";
import { DeleteLaunchTemplateCommand, paginateDescribeLaunchTemplates } from "@aws-sdk/client-ec2";
import { STATE_TAG } from "../../../protocol/generated/constants";
import { type Found, type Kind, marked, toFound } from "./kind";

/** Resources of fleets. They are looked for only where there are fleets, or were. */

export const autoScalingGroups: Kind = {
  title: "Auto Scaling group",
  find: async ({ autoScaling, knowledge }) => {
    const Filters = [{ Name: `tag:${STATE_TAG}`, Values: [...knowledge.marks] }];
    const found: Found[] = [];
    for await (const { AutoScalingGroups = [] } of paginateDescribeAutoScalingGroups(
      { client: autoScaling },
      { Filters },
    ))
      found.push(...toFound(AutoScalingGroups, "AutoScalingGroupName"));
    return found;
  },
  /** With its machines, whatever they are doing. */
  remove: ({ autoScaling }, AutoScalingGroupName) =>
    autoScaling.send(new DeleteAutoScalingGroupCommand({ AutoScalingGroupName, ForceDelete: true })),
  linger: async ({ autoScaling }, AutoScalingGroupName) => {
    const asked = new DescribeAutoScalingGroupsCommand({ AutoScalingGroupNames: [AutoScalingGroupName] });
    const [group] = (await autoScaling.send(asked)).AutoScalingGroups ?? [];
    // AWS says `Delete in progress` there.
    return group && (group.Status ?? "its machines are ending");
  },
};

export const launchTemplates: Kind = {
  title: "launch template",
  find: async (search) => {
    const found: Found[] = [];
    for await (const page of paginateDescribeLaunchTemplates({ client: search.ec2 }, marked(search)))
      found.push(...toFound(page.LaunchTemplates, "LaunchTemplateId"));
    return found;
  },
  remove: ({ ec2 }, id) => ec2.send(new DeleteLaunchTemplateCommand({ LaunchTemplateId: id })),
};
