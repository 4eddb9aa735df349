import { DataAwsEc2InstanceTypeOfferings } from "@cdktf/provider-aws/lib/data-aws-ec2-instance-type-offerings";
import { Token } from "cdktf";
import { Construct } from "constructs";
import type { MachineNetwork } from "./public-network";
import { TerraformData } from "./terraform-data";

export interface OfferedSubnetsProps {
  readonly network: Pick<MachineNetwork, "workerSubnets">;
  /** Name of the fleet. */
  readonly fleet: string;
  /** Types that a subnet's zone must offer. */
  readonly instanceTypes: readonly string[];
}

/**
 * Those of the cluster's subnets whose zones offer all types of a fleet: elsewhere a launch would fail, and with it a
 * part of what a run has asked for.
 */
export class OfferedSubnets extends Construct {
  /** Ids of the subnets, as Terraform evaluates them. */
  readonly ids: string[];

  constructor(scope: Construct, id: string, { network, fleet, instanceTypes }: OfferedSubnetsProps) {
    super(scope, id);

    const offers = instanceTypes.map((type) => {
      return new DataAwsEc2InstanceTypeOfferings(this, `offers-${type.replaceAll(".", "-")}`, {
        filter: [{ name: "instance-type", values: [type] }],
        locationType: "availability-zone",
      });
    });
    const zones = `setintersection(${offers.map((offer) => `${offer.fqn}.locations`).join(", ")})`;
    const subnets = network.workerSubnets.map(({ fqn }) => fqn).join(", ");
    const offered = `[for subnet in [${subnets}] : subnet.id if contains(${zones}, subnet.availability_zone)]`;

    const chosen = new TerraformData(this, "chosen", {
      input: { ids: `\${${offered}}` },
      lifecycle: {
        precondition: [
          {
            condition: `\${length(${offered}) > 0}`,
            errorMessage: `no availability zone of this cluster offers ${instanceTypes.join(" and ")}: change 'fleets.${fleet}.instanceTypes'.`,
          },
        ],
      },
    });
    this.ids = Token.asList(`\${${chosen.fqn}.output.ids}`);
  }
}
