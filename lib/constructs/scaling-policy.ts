import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy";
import { Construct } from "constructs";
import { STATE_TAG } from "../../protocol/generated/constants";
import { rolePrefix } from "../model/state-mark";
import type { Fleet } from "./fleet";
import type { Identity } from "./identity";
import type { MachineRole } from "./machine-role";
import { toPolicy } from "./policy";

export interface ScalingPolicyProps {
  /** Name of the cluster. */
  readonly cluster: string;
  /** Those of the fleets. */
  readonly regions: readonly string[];
  readonly fleets: readonly Fleet[];
  readonly identity: Identity;
  /** The role of who sets the capacity. */
  readonly machineRole: MachineRole;
}

/** Lets the master set the capacity of the cluster's fleets, and see why AWS gives none. */
export class ScalingPolicy extends Construct {
  constructor(scope: Construct, id: string, props: ScalingPolicyProps) {
    super(scope, id);
    const { cluster, regions, fleets, identity, machineRole } = props;

    new IamRolePolicy(this, "policy", {
      namePrefix: rolePrefix(cluster, id),
      role: machineRole.role.id,
      policy: toPolicy(
        {
          Sid: "Scale",
          Effect: "Allow",
          Action: [
            "autoscaling:SetDesiredCapacity",
            "autoscaling:PutScheduledUpdateGroupAction",
            "autoscaling:DeleteScheduledAction",
          ],
          Resource: fleets.map(({ group }) => group.arn),
          Condition: { StringEquals: { [`aws:ResourceTag/${STATE_TAG}`]: identity.mark } },
        },
        {
          // These know no resources (Service Authorization Reference, "Amazon EC2 Auto Scaling").
          Sid: "SeeFleets",
          Effect: "Allow",
          Action: [
            "autoscaling:DescribeAutoScalingGroups",
            "autoscaling:DescribeScalingActivities",
            "autoscaling:DescribeScheduledActions",
          ],
          Resource: "*",
          Condition: {
            StringEquals: { "aws:RequestedRegion": regions.length === 1 ? regions[0]! : regions },
          },
        },
      ),
    });
  }
}
