import { Route } from "@cdktf/provider-aws/lib/route";
import { VpcPeeringConnection } from "@cdktf/provider-aws/lib/vpc-peering-connection";
import { VpcPeeringConnectionAccepterA as VpcPeeringConnectionAccepter } from "@cdktf/provider-aws/lib/vpc-peering-connection-accepter";
import type { ITerraformDependable, TerraformProvider } from "cdktf";
import { Construct } from "constructs";
import { ROUTE_BACK } from "../model/region-ids";
import type { Network } from "./network";
import type { PublicNetwork } from "./public-network";

export interface PeeringProps {
  /** Name of the cluster. */
  readonly cluster: string;
  readonly home: Network;
  readonly away: PublicNetwork;
  /** Region of `away`, and the provider that works there. */
  readonly region: string;
  readonly provider: TerraformProvider;
}

/** The private way between the master's VPC and that of another region: asked for here, accepted there, with a route on both sides. */
export class Peering extends Construct {
  /** Resources without which a machine there does not reach the master. */
  readonly ways: readonly ITerraformDependable[];

  constructor(scope: Construct, id: string, props: PeeringProps) {
    super(scope, id);
    const { cluster, home, away, region, provider } = props;
    const tags = { Name: `${cluster}-${region}` };

    const connection = new VpcPeeringConnection(this, "connection", {
      vpcId: home.vpc.id,
      peerVpcId: away.vpc.id,
      peerRegion: region,
      tags,
    });
    const accepter = new VpcPeeringConnectionAccepter(this, "accepter", {
      provider,
      vpcPeeringConnectionId: connection.id,
      autoAccept: true,
      tags,
    });
    const towards = { vpcPeeringConnectionId: connection.id, dependsOn: [accepter] };
    const there = new Route(this, "route-there", {
      ...towards,
      routeTableId: home.routeTable.id,
      destinationCidrBlock: away.vpc.cidrBlock,
    });
    const back = new Route(this, ROUTE_BACK, {
      ...towards,
      provider,
      routeTableId: away.routeTable.id,
      destinationCidrBlock: home.vpc.cidrBlock,
    });
    this.ways = [accepter, there, back];
  }
}
