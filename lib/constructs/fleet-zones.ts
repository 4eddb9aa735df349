import { DataAwsEc2InstanceTypeOfferings } from "@cdktf/provider-aws/lib/data-aws-ec2-instance-type-offerings";
import { Construct } from "constructs";
import { TerraformData } from "./terraform-data";

export interface FleetZonesProps {
  readonly region: string;
  /** Instance types of each of the region's fleets. */
  readonly fleets: readonly (readonly string[])[];
}

/**
 * Availability zones of a region in which at least one of its fleets can start machines, those first in which all can.
 *
 * Listed once, when the cluster comes to the region: another fleet must not move the subnets of the others.
 */
export class FleetZones extends Construct {
  readonly resource: TerraformData;

  constructor(scope: Construct, id: string, { region, fleets }: FleetZonesProps) {
    super(scope, id);
    const types = [...new Set(fleets.flat())];
    const offers = new Map(
      types.map((type) => {
        const offer = new DataAwsEc2InstanceTypeOfferings(this, `offers-${type.replaceAll(".", "-")}`, {
          filter: [{ name: "instance-type", values: [type] }],
          locationType: "availability-zone",
        });
        return [type, `${offer.fqn}.locations`];
      }),
    );
    const zonesOf = (all: readonly string[]): string =>
      `setintersection(${all.map((type) => offers.get(type)).join(", ")})`;
    const some = `setunion(${fleets.map(zonesOf).join(", ")})`;
    // A region's own zones are its name and one letter; local and wavelength zones have longer names.
    const names = `[for zone in distinct(concat(sort(${zonesOf(types)}), sort(${some}))) : zone if can(regex("^${region}[a-z]$", zone))]`;

    this.resource = new TerraformData(this, "chosen", {
      input: { names: `\${${names}}` },
      lifecycle: {
        ignoreChanges: ["input"],
        precondition: [
          {
            condition: `\${length(${names}) > 0}`,
            errorMessage: `no availability zone of ${region} offers the instance types of a fleet: change 'fleets.<name>.instanceTypes', or its region.`,
          },
        ],
      },
    });
  }

  /** The zone at this index, from 0; where there are fewer, zones get several subnets. Fails never, so that destroy works. */
  at(index: number): string {
    const names = `${this.resource.fqn}.output.names`;
    return `\${try(${names}[${index} % length(${names})], "none")}`;
  }
}
