import { Subnet } from "@cdktf/provider-aws/lib/subnet";
import { VpcEndpoint } from "@cdktf/provider-aws/lib/vpc-endpoint";
import type { ITerraformDependable } from "cdktf";
import type { Construct } from "constructs";
import { planAddresses } from "../model/addresses";
import type { Preflight } from "./preflight";
import { type MachineNetwork, PublicNetwork } from "./public-network";
import type { Zones } from "./zones";

export interface NetworkProps {
  /** Name of the cluster. */
  readonly cluster: string;
  readonly region: string;
  /** Private block of the VPC. */
  readonly cidr: string;
  /** Number of zones, each with a subnet for workers. */
  readonly zoneCount: number;
  readonly zones: Zones;
  readonly preflight: Preflight;
}

/** The VPC of the cluster's own region: with the master, and with the free gateway endpoint of the bucket. */
export class Network extends PublicNetwork implements MachineNetwork {
  /** A /28 in which only the master ever lives. */
  readonly masterSubnet: Subnet;
  readonly masterIp: string;
  readonly ways: readonly ITerraformDependable[];

  constructor(scope: Construct, id: string, props: NetworkProps) {
    const { cluster, region, cidr, zoneCount, zones, preflight } = props;
    const plan = planAddresses(cidr, zoneCount);
    if (!plan) throw new Error(`'network.cidr' is too small for ${zoneCount} zones, got ${cidr}`);
    const { workerSubnets, masterIp } = plan;
    super(scope, id, { cluster, cidr, workerSubnets, zones, needs: [preflight.resource] });

    const storeEndpoint = new VpcEndpoint(this, "store-endpoint", {
      vpcId: this.vpc.id,
      serviceName: `com.amazonaws.${region}.s3`,
      routeTableIds: [this.routeTable.id],
      tags: { Name: cluster },
    });
    // No address on launch: the master has an Elastic IP, and a second one for its first seconds would be charged.
    this.masterSubnet = new Subnet(this, "master-subnet", {
      vpcId: this.vpc.id,
      cidrBlock: plan.masterSubnet,
      availabilityZone: zones.at(0),
      tags: { Name: `${cluster}-master` },
    });
    this.masterIp = masterIp;
    this.ways = [storeEndpoint, ...this.routesOf([this.masterSubnet, ...this.workerSubnets])];
  }
}
