import { InternetGateway } from "@cdktf/provider-aws/lib/internet-gateway";
import { Route } from "@cdktf/provider-aws/lib/route";
import { RouteTable } from "@cdktf/provider-aws/lib/route-table";
import { RouteTableAssociation } from "@cdktf/provider-aws/lib/route-table-association";
import { Subnet } from "@cdktf/provider-aws/lib/subnet";
import { Vpc } from "@cdktf/provider-aws/lib/vpc";
import { VpcEndpoint } from "@cdktf/provider-aws/lib/vpc-endpoint";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { planAddresses } from "../model/addresses";
import type { Preflight } from "./preflight";
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

/** A VPC of the cluster's own with public subnets; the bucket is reached by the free gateway endpoint. No NAT. */
export class Network extends Construct {
  readonly vpc: Vpc;
  /** A /28 in which only the master ever lives. */
  readonly masterSubnet: Subnet;
  readonly masterIp: string;
  readonly workerSubnets: readonly Subnet[];
  readonly internetGateway: InternetGateway;
  /** Resources without which a machine reaches nothing. */
  readonly ways: readonly ITerraformDependable[];

  constructor(scope: Construct, id: string, props: NetworkProps) {
    super(scope, id);
    const { cluster, region, cidr, zoneCount, zones, preflight } = props;
    const plan = planAddresses(cidr, zoneCount);
    if (!plan) throw new Error(`'network.cidr' is too small for ${zoneCount} zones, got ${cidr}`);
    const tags = { Name: cluster };

    this.vpc = new Vpc(this, "vpc", {
      cidrBlock: cidr,
      enableDnsHostnames: true,
      tags,
      dependsOn: [preflight.resource],
    });
    this.internetGateway = new InternetGateway(this, "internet", { vpcId: this.vpc.id, tags });
    const routes = new RouteTable(this, "routes", { vpcId: this.vpc.id, tags });
    const defaultRoute = new Route(this, "default-route", {
      routeTableId: routes.id,
      destinationCidrBlock: "0.0.0.0/0",
      gatewayId: this.internetGateway.id,
    });
    const storeEndpoint = new VpcEndpoint(this, "store-endpoint", {
      vpcId: this.vpc.id,
      serviceName: `com.amazonaws.${region}.s3`,
      routeTableIds: [routes.id],
      tags,
    });

    // No address on launch: the master has an Elastic IP, and a second one for its first seconds would be charged.
    this.masterSubnet = new Subnet(this, "master-subnet", {
      vpcId: this.vpc.id,
      cidrBlock: plan.masterSubnet,
      availabilityZone: zones.at(0),
      tags: { Name: `${cluster}-master` },
    });
    this.masterIp = plan.masterIp;
    this.workerSubnets = plan.workerSubnets.map((cidrBlock, index) => {
      return new Subnet(this, `worker-subnet-${index + 1}`, {
        vpcId: this.vpc.id,
        cidrBlock,
        availabilityZone: zones.at(index),
        mapPublicIpOnLaunch: true,
        tags: { Name: `${cluster}-workers-${index + 1}` },
      });
    });

    const associations = [this.masterSubnet, ...this.workerSubnets].map((subnet) => {
      return new RouteTableAssociation(this, `${subnet.node.id}-routes`, {
        subnetId: subnet.id,
        routeTableId: routes.id,
      });
    });
    this.ways = [defaultRoute, storeEndpoint, ...associations];
  }
}
