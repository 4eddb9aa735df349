import { DataAwsEc2InstanceTypeOfferings } from "@cdktf/provider-aws/lib/data-aws-ec2-instance-type-offerings";

import { Construct } from "constructs";
import { TerraformData } from "./terraform-data";

export interface ZonesProps {
  readonly region: string;
  readonly count: number;
  /** Types that every zone must offer. */
  readonly instanceTypes: readonly string[];
}

/**
 * Availability zones that offer all instance types (us-east-1e, for one, offers no Graviton).
 *
 * Listed once, when the cluster is created: zones that AWS opens later must not move a machine.
 */
export class Zones extends Construct {
  readonly resource: TerraformData;

  constructor(scope: Construct, id: string, { region, count, instanceTypes }: ZonesProps) {
    super(scope, id);
    const types = [...new Set(instanceTypes)];

    const offers = types.map((type) => {
      return new DataAwsEc2InstanceTypeOfferings(this, `offers-${type.replaceAll(".", "-")}`, {
        filter: [{ name: "instance-type", values: [type] }],
        locationType: "availability-zone",
      });
    });
    const lists = offers.map((offer) => `${offer.fqn}.locations`).join(", ");
    // A region's own zones are its name and one letter; local and wavelength zones have longer names.
    const offered = `[for zone in sort(setintersection(${lists})) : zone if can(regex("^${region}[a-z]$", zone))]`;
    const chosen = `slice(self.output.names, 0, min(${count}, length(self.output.names)))`;
    const wanted = types.join(" and ");

    this.resource = new TerraformData(this, "chosen", {
      input: { names: `\${${offered}}` },
      lifecycle: {
        ignoreChanges: ["input"],
        precondition: [
          {
            condition: `\${length(${offered}) >= ${count}}`,
            errorMessage: `fewer than ${count} availability zones of ${region} offer ${wanted}: lower 'network.zones' or take other instance types.`,
          },
        ],
        postcondition: [
          {
            condition: `\${alltrue([for zone in self.output.names : startswith(zone, "${region}")])}`,
            errorMessage: `this cluster lives in another region than ${region}: destroy it there first, or give this one another 'name'.`,
          },
          {
            condition: `\${length(self.output.names) >= ${count}}`,
            errorMessage: `this cluster was created when fewer than ${count} availability zones offered its instance types: lower 'network.zones'.`,
          },
          {
            condition: `\${alltrue([for zone in ${chosen} : contains(${offered}, zone)])}`,
            errorMessage: `a zone in which this cluster lives does not offer ${wanted}: take other instance types.`,
          },
        ],
      },
    });
  }

  /**
   * The zone at this index, from 0.
   *
   * The precondition above refuses too few zones. This expression must never fail: otherwise nobody could destroy a cluster after
   * setting too many.
   */
  at(index: number): string {
    return `\${try(${this.resource.fqn}.output.names[${index}], "none")}`;
  }
}
