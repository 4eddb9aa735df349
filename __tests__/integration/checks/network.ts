import {
  DescribeRouteTablesCommand,
  DescribeSubnetsCommand,
  DescribeVpcEndpointsCommand,
  DescribeVpcsCommand,
} from "@aws-sdk/client-ec2";
import { planAddresses } from "../../../lib/model/addresses";
import type { Deployed } from "./deployed";

export function checkNetwork(deployed: () => Deployed): void {
  const vpcOf = async ({ api, config }: Deployed): Promise<string> => {
    const Filters = [{ Name: "tag:Name", Values: [config.name] }];
    const { Vpcs = [] } = await api.ec2.send(new DescribeVpcsCommand({ Filters }));
    expect(Vpcs.map(({ CidrBlock }) => CidrBlock)).toEqual([config.network.cidr]);
    return String(Vpcs[0]?.VpcId);
  };
  const inVpc = async (): Promise<{ Name: string; Values: string[] }[]> => [
    { Name: "vpc-id", Values: [await vpcOf(deployed())] },
  ];

  test("the master has a /28 of its own, and the workers a subnet in each zone that offers both types", async () => {
    const { api, config } = deployed();
    const { Subnets = [] } = await api.ec2.send(new DescribeSubnetsCommand({ Filters: await inVpc() }));
    const plan = planAddresses(config.network.cidr, config.network.zones);
    const shape = Subnets.map((subnet) => [
      subnet.CidrBlock,
      subnet.AvailabilityZone,
      subnet.MapPublicIpOnLaunch,
    ]);
    expect(shape.sort()).toEqual(
      [
        [plan?.masterSubnet, "us-east-1a", false],
        [plan?.workerSubnets[0], "us-east-1a", true],
        [plan?.workerSubnets[1], "us-east-1b", true],
      ].sort(),
    );
  });

  test("every subnet is public: its route table leads to the internet gateway", async () => {
    const { api } = deployed();
    const Filters = await inVpc();
    const { Subnets = [] } = await api.ec2.send(new DescribeSubnetsCommand({ Filters }));
    const { RouteTables = [] } = await api.ec2.send(new DescribeRouteTablesCommand({ Filters }));
    const open = RouteTables.filter(({ Routes = [] }) =>
      Routes.some(
        (route) => route.DestinationCidrBlock === "0.0.0.0/0" && route.GatewayId?.startsWith("igw-"),
      ),
    );
    const reached = open.flatMap(({ Associations = [] }) =>
      Associations.flatMap(({ SubnetId }) => SubnetId ?? []),
    );
    expect(reached.sort()).toEqual(Subnets.map(({ SubnetId }) => SubnetId).sort());
  });

  test("the bucket is reached by the free gateway endpoint from every subnet's route table", async () => {
    const { api } = deployed();
    const Filters = await inVpc();
    const { VpcEndpoints = [] } = await api.ec2.send(new DescribeVpcEndpointsCommand({ Filters }));
    const { RouteTables = [] } = await api.ec2.send(new DescribeRouteTablesCommand({ Filters }));
    const used = RouteTables.filter(({ Associations = [] }) => Associations.some(({ SubnetId }) => SubnetId));
    expect(
      VpcEndpoints.map((endpoint) => [
        endpoint.ServiceName,
        endpoint.VpcEndpointType,
        endpoint.RouteTableIds,
      ]),
    ).toEqual([["com.amazonaws.us-east-1.s3", "Gateway", used.map(({ RouteTableId }) => RouteTableId)]]);
  });
}
