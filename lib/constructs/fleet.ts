import { AutoscalingGroup } from "@cdktf/provider-aws/lib/autoscaling-group";
import { Construct } from "constructs";
import { FLEET_TAG, NAME_TAG, STATE_TAG } from "../../protocol/generated/constants";
import type { FleetSettings } from "../model/config";
import type { Identity } from "./identity";
import { type MachineContext, needsOf } from "./machine";
import type { MachineImage } from "./machine-image";
import type { MachineRole } from "./machine-role";
import { MachineTemplate } from "./machine-template";
import { OfferedSubnets } from "./offered-subnets";
import { TerraformData } from "./terraform-data";
import type { WorkerFirewall } from "./worker-firewall";

/** What the fleets of a region share. */
export interface FleetContext extends MachineContext {
  /** `tags` of cluster.yaml. */
  readonly tags: Readonly<Record<string, string>>;
  readonly firewall: WorkerFirewall;
  readonly machineRole: MachineRole;
  readonly identity: Identity;
}

export interface FleetProps extends FleetContext {
  /** Name of the fleet. */
  readonly fleet: string;
  readonly settings: FleetSettings;
  readonly image: MachineImage;
}

/**
 * Elastic machines: an Auto Scaling group whose capacity the master sets, and nobody else.
 *
 * Plan and state are the same for one machine and for hundreds.
 */
export class Fleet extends Construct {
  readonly group: AutoscalingGroup;

  constructor(scope: Construct, id: string, props: FleetProps) {
    super(scope, id);
    const { cluster, network, fleet, settings, identity, firewall, machineRole } = props;
    const { instanceTypes, max, spot } = settings;
    // Unique in the region, also beside a cluster of the same name with another state.
    const name = `${cluster}-${fleet}-${identity.digits}`;
    const tags = {
      ...props.tags,
      [NAME_TAG]: cluster,
      [STATE_TAG]: identity.mark,
      [FLEET_TAG]: fleet,
      Name: `${cluster}-${fleet}`,
    };

    const instanceType = instanceTypes[0]!;
    const template = new MachineTemplate(this, "machines", { ...props, name, tags, instanceType }).resource;
    const subnets = new OfferedSubnets(this, "subnets", { network, fleet, instanceTypes });
    // Its machines hold the subnets in which they are, and AWS moves none: the group must go before a subnet can.
    const place = new TerraformData(this, "place", {
      input: { zones: String(network.workerSubnets.length), vpc: network.vpc.id },
    });
    this.group = new AutoscalingGroup(this, "group", {
      name,
      minSize: 0,
      maxSize: max,
      vpcZoneIdentifier: subnets.ids,
      mixedInstancesPolicy: {
        instancesDistribution: {
          onDemandBaseCapacity: 0,
          onDemandPercentageAboveBaseCapacity: spot ? 0 : 100,
          onDemandAllocationStrategy: "prioritized",
          spotAllocationStrategy: "price-capacity-optimized",
        },
        launchTemplate: {
          launchTemplateSpecification: {
            launchTemplateId: template.id,
            // A number, not `$Latest`: so AWS checks the template when it changes, not when a run needs machines.
            version: `\${${template.fqn}.latest_version}`,
          },
          override: instanceTypes.map((instanceType) => ({ instanceType })),
        },
      },
      // Both end healthy machines, and with them a part of a run.
      suspendedProcesses: ["AZRebalance"],
      capacityRebalance: false,
      // What an older template made leaves first, in the zone that has most machines.
      terminationPolicies: ["OldestLaunchTemplate", "Default"],
      waitForCapacityTimeout: "0",
      timeouts: { delete: "20m" },
      tag: Object.entries(tags).map(([key, value]) => ({
        key,
        value,
        // Its machines have theirs from the template.
        propagateAtLaunch: false,
      })),
      lifecycle: { ignoreChanges: ["desired_capacity"], replaceTriggeredBy: [addressOf(place)] },
      dependsOn: needsOf(props, { machineRole, needs: [firewall.workerEgress] }),
    });
  }
}

/** As `replace_triggered_by` wants it: no expression. */
function addressOf({ terraformResourceType, friendlyUniqueId }: TerraformData): string {
  return `${terraformResourceType}.${friendlyUniqueId}`;
}
