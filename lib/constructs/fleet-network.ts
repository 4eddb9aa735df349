import type { ITerraformDependable } from "cdktf";
import type { Construct } from "constructs";
import { planAddresses } from "../model/addresses";
import type { FleetZones } from "./fleet-zones";
import type { Preflight } from "./preflight";
import { PublicNetwork } from "./public-network";

export interface FleetNetworkProps {
  /** Name of the cluster. */
  readonly cluster: string;
  /** Private block of the VPC. */
  readonly cidr: string;
  /** Number of subnets. */
  readonly zoneCount: number;
  readonly zones: FleetZones;
  readonly preflight: Preflight;
}

/** The VPC of a region that only has fleets. The bucket is reached by the internet: a gateway endpoint serves its own region. */
export class FleetNetwork extends PublicNetwork {
  /** Resources without which a machine does not reach the internet. */
  readonly ways: readonly ITerraformDependable[];

  constructor(scope: Construct, id: string, props: FleetNetworkProps) {
    const { cluster, cidr, zoneCount, zones, preflight } = props;
    // Divided as the VPC with the master, whose part stays free.
    const plan = planAddresses(cidr, zoneCount);
    if (!plan) throw new Error(`a block is too small for ${zoneCount} zones, got ${cidr}`);
    const { workerSubnets } = plan;
    // The zones are in the state first: so it names every region in which something may be.
    super(scope, id, { cluster, cidr, workerSubnets, zones, needs: [preflight.resource, zones.resource] });
    this.ways = this.routesOf(this.workerSubnets);
  }
}
