import {
  DeleteInternetGatewayCommand,
  DeleteRouteTableCommand,
  DeleteSubnetCommand,
  DeleteVpcCommand,
  DeleteVpcEndpointsCommand,
  DeleteVpcPeeringConnectionCommand,
  DescribeInternetGatewaysCommand,
  DescribeRouteTablesCommand,
  DescribeSubnetsCommand,
  DescribeVpcEndpointsCommand,
  DescribeVpcPeeringConnectionsCommand,
  DescribeVpcsCommand,
  DetachInternetGatewayCommand,
  DisassociateRouteTableCommand,
  type VpcPeeringConnection,
} from "@aws-sdk/client-ec2";
import { type Kind, marked, type Search, toFound } from "./kind";

export const endpoints: Kind = {
  title: "VPC endpoint",
  find: async (search) => {
    const { VpcEndpoints = [] } = await search.ec2.send(new DescribeVpcEndpointsCommand(marked(search)));
    return toFound(
      // In capitals or not: AWS documents `Deleted` and answers `deleted`.
      VpcEndpoints.filter(({ State }) => !/^delet/i.test(String(State))),
      "VpcEndpointId",
    );
  },
  remove: async ({ ec2 }, id) => {
    const { Unsuccessful = [] } = await ec2.send(new DeleteVpcEndpointsCommand({ VpcEndpointIds: [id] }));
    for (const { Error: error } of Unsuccessful)
      throw Object.assign(new Error(error?.Message), { name: error?.Code ?? "Error" });
  },
};

/** Asked for in the cluster's own region, where it also goes for both. AWS lists one for hours that is gone. */
export const peerings: Kind = {
  title: "VPC peering connection",
  find: async (search) => {
    const { VpcPeeringConnections = [] } = await search.ec2.send(
      new DescribeVpcPeeringConnectionsCommand(marked(search)),
    );
    return toFound(VpcPeeringConnections.filter(isThere), "VpcPeeringConnectionId");
  },
  // One that is being requested or accepted goes once it has come to rest, as "failed" by itself.
  remove: async ({ ec2 }, id) => {
    const { VpcPeeringConnections = [] } = await ec2.send(
      new DescribeVpcPeeringConnectionsCommand({ VpcPeeringConnectionIds: [id] }),
    );
    if (VpcPeeringConnections.some(isThere))
      await ec2.send(new DeleteVpcPeeringConnectionCommand({ VpcPeeringConnectionId: id }));
  },
};

function isThere({ Status }: VpcPeeringConnection): boolean {
  return !/^(?:deleted|deleting|rejected|failed|expired)$/.test(String(Status?.Code));
}

export const subnets: Kind = {
  title: "subnet",
  find: async (search) => {
    const { Subnets } = await search.ec2.send(new DescribeSubnetsCommand(marked(search)));
    return toFound(Subnets, "SubnetId");
  },
  remove: ({ ec2 }, id) => ec2.send(new DeleteSubnetCommand({ SubnetId: id })),
};

export const routeTables: Kind = {
  title: "route table",
  find: async (search) => toFound(await describeTables(search), "RouteTableId"),
  remove: async ({ ec2 }, id) => {
    const { RouteTables = [] } = await ec2.send(new DescribeRouteTablesCommand({ RouteTableIds: [id] }));
    // EC2 deletes no table that has associations.
    for (const { Main, RouteTableAssociationId } of RouteTables.flatMap(
      ({ Associations = [] }) => Associations,
    ))
      if (Main !== true)
        await ec2.send(new DisassociateRouteTableCommand({ AssociationId: RouteTableAssociationId }));
    await ec2.send(new DeleteRouteTableCommand({ RouteTableId: id }));
  },
};

export const internetGateways: Kind = {
  title: "internet gateway",
  find: async (search) => {
    const { InternetGateways } = await search.ec2.send(new DescribeInternetGatewaysCommand(marked(search)));
    return toFound(InternetGateways, "InternetGatewayId");
  },
  remove: async ({ ec2 }, id) => {
    const { InternetGateways = [] } = await ec2.send(
      new DescribeInternetGatewaysCommand({ InternetGatewayIds: [id] }),
    );
    for (const { VpcId } of InternetGateways.flatMap(({ Attachments = [] }) => Attachments))
      await ec2.send(new DetachInternetGatewayCommand({ InternetGatewayId: id, VpcId }));
    await ec2.send(new DeleteInternetGatewayCommand({ InternetGatewayId: id }));
  },
};

export const vpcs: Kind = {
  title: "VPC",
  find: async (search) => {
    const { Vpcs } = await search.ec2.send(new DescribeVpcsCommand(marked(search)));
    return toFound(Vpcs, "VpcId");
  },
  remove: ({ ec2 }, id) => ec2.send(new DeleteVpcCommand({ VpcId: id })),
};

export async function describeTables(search: Search) {
  const { RouteTables = [] } = await search.ec2.send(new DescribeRouteTablesCommand(marked(search)));
  return RouteTables;
}
