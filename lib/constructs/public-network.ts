import { InternetGateway } from "@cdktf/provider-aws/lib/internet-gateway";
import { Route } from "@cdktf/provider-aws/lib/route";
import { RouteTable } from "@cdktf/provider-aws/lib/route-table";
import { RouteTableAssociation } from "@cdktf/provider-aws/lib/route-table-association";
import { Subnet } from "@cdktf/provider-aws/lib/subnet";
import { Vpc } from "@cdktf/provider-aws/lib/vpc";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";

/** Where a machine lives, and how it reaches the master. */
export interface MachineNetwork {
  readonly vpc: Vpc;
  readonly workerSubnets: readonly Subnet[];
  /** Private address of the master. */
  readonly masterIp: string;
  /** Resources without which a machine reaches nothing. */
  readonly ways: readonly ITerraformDependable[];
}

export interface PublicNetworkProps {
  /** Name of the cluster. */
  readonly cluster: string;
  /** Private block of the VPC. */
  readonly cidr: string;
  /** Blocks of the workers' subnets, one for each zone. */
  readonly workerSubnets: readonly string[];
  /** The zone at an index, from 0. */
  readonly zones: { at(index: number): string };
  /** What must be there before. */
  readonly needs: readonly ITerraformDependable[];
}

/** A VPC with public subnets for workers, in the region of its provider. No NAT. */
export class PublicNetwork extends Construct {
  readonly vpc: Vpc;
  readonly workerSubnets: readonly Subnet[];
  readonly internetGateway: InternetGateway;
  readonly routeTable: RouteTable;
  protected readonly defaultRoute: Route;

  constructor(scope: Construct, id: string, props: PublicNetworkProps) {
    super(scope, id);
    const { cluster, cidr, workerSubnets, zones, needs } = props;
    const tags = { Name: cluster };

    this.vpc = new Vpc(this, "vpc", {
      cidrBlock: cidr,
      enableDnsHostnames: true,
      tags,
      dependsOn: [...needs],
    });
    this.internetGateway = new InternetGateway(this, "internet", { vpcId: this.vpc.id, tags });
    this.routeTable = new RouteTable(this, "routes", { vpcId: this.vpc.id, tags });
    this.defaultRoute = new Route(this, "default-route", {
      routeTableId: this.routeTable.id,
      destinationCidrBlock: "0.0.0.0/0",
      gatewayId: this.internetGateway.id,
    });
    this.workerSubnets = workerSubnets.map((cidrBlock, index) => {
      return new Subnet(this, `worker-subnet-${index + 1}`, {
        vpcId: this.vpc.id,
        cidrBlock,
        availabilityZone: zones.at(index),
        mapPublicIpOnLaunch: true,
        tags: { Name: `${cluster}-workers-${index + 1}` },
      });
    });
  }

  /** The way to the internet, from these subnets. To be asked for once. */
  protected routesOf(subnets: readonly Subnet[]): ITerraformDependable[] {
    const associations = subnets.map((subnet) => {
      return new RouteTableAssociation(this, `${subnet.node.id}-routes`, {
        subnetId: subnet.id,
        routeTableId: this.routeTable.id,
      });
    });
    return [this.defaultRoute, ...associations];
  }
}
