import { DescribeAutoScalingGroupsCommand } from "@aws-sdk/client-auto-scaling";
import * as ec2 from "@aws-sdk/client-ec2";
import * as iam from "@aws-sdk/client-iam";
import { ListBucketsCommand } from "@aws-sdk/client-s3";
import type { Api } from "./clients";

type Inventory = Readonly<Record<string, readonly string[]>>;
type List<T> = readonly T[] | undefined;

/** Names of things; those of the account's own default VPC are left out. */
const namesOf = <T extends { VpcId?: string }>(things: List<T>, name: keyof T, except?: string): string[] =>
  (things ?? [])
    .filter(({ VpcId }) => VpcId === undefined || VpcId !== except)
    .map((thing) => String(thing[name]));

/** Everything that somebody made in the client's region, by kind. */
export async function regionalInventory(api: Api): Promise<Inventory> {
  return { ...(await networks(api)), ...(await machines(api)) };
}

/** The same, and what all regions share. */
export async function inventory(api: Api): Promise<Inventory> {
  return { ...(await regionalInventory(api)), ...(await globals(api)) };
}

async function networks({ ec2: client }: Api): Promise<Inventory> {
  const { Vpcs } = await client.send(new ec2.DescribeVpcsCommand());
  const own = Vpcs?.find(({ IsDefault }) => IsDefault)?.VpcId;
  const { Subnets } = await client.send(new ec2.DescribeSubnetsCommand());
  const { RouteTables } = await client.send(new ec2.DescribeRouteTablesCommand());
  const { SecurityGroups } = await client.send(new ec2.DescribeSecurityGroupsCommand());
  const { NetworkInterfaces } = await client.send(new ec2.DescribeNetworkInterfacesCommand());
  const { InternetGateways = [] } = await client.send(new ec2.DescribeInternetGatewaysCommand());
  const { NatGateways = [] } = await client.send(new ec2.DescribeNatGatewaysCommand());
  const { VpcEndpoints = [] } = await client.send(new ec2.DescribeVpcEndpointsCommand());
  const peerings = await client.send(new ec2.DescribeVpcPeeringConnectionsCommand());
  const gateways = InternetGateways.map(({ InternetGatewayId, Attachments }) => ({
    InternetGatewayId,
    VpcId: Attachments?.[0]?.VpcId,
  }));
  return {
    vpcs: namesOf(Vpcs, "VpcId", own),
    subnets: namesOf(Subnets, "SubnetId", own),
    routeTables: namesOf(RouteTables, "RouteTableId", own),
    securityGroups: namesOf(SecurityGroups, "GroupId", own),
    networkInterfaces: namesOf(NetworkInterfaces, "NetworkInterfaceId", own),
    internetGateways: namesOf(gateways, "InternetGatewayId", own),
    natGateways: namesOf(
      NatGateways.filter(({ State }) => State !== "deleted"),
      "NatGatewayId",
    ),
    endpoints: namesOf(
      VpcEndpoints.filter(({ State }) => !/^deleted$/i.test(String(State))),
      "VpcEndpointId",
    ),
    // In both regions of a connection; AWS lists one for hours that is gone.
    peerings: (peerings.VpcPeeringConnections ?? [])
      .filter(({ Status }) => Status?.Code !== "deleted")
      .map(({ VpcPeeringConnectionId }) => String(VpcPeeringConnectionId)),
  };
}

async function machines({ ec2: client, autoScaling }: Api): Promise<Inventory> {
  const { Reservations = [] } = await client.send(new ec2.DescribeInstancesCommand());
  const { Volumes } = await client.send(new ec2.DescribeVolumesCommand());
  const { Addresses } = await client.send(new ec2.DescribeAddressesCommand());
  const { KeyPairs } = await client.send(new ec2.DescribeKeyPairsCommand());
  const { LaunchTemplates } = await client.send(new ec2.DescribeLaunchTemplatesCommand());
  const { AutoScalingGroups = [] } = await autoScaling.send(new DescribeAutoScalingGroupsCommand());
  const instances = Reservations.flatMap(({ Instances = [] }) => Instances);
  return {
    instances: namesOf(
      instances.filter(({ State }) => State?.Name !== "terminated"),
      "InstanceId",
    ),
    volumes: namesOf(Volumes as List<ec2.Volume & { VpcId?: string }>, "VolumeId"),
    addresses: namesOf(Addresses as List<ec2.Address & { VpcId?: string }>, "PublicIp"),
    keyPairs: namesOf(KeyPairs as List<ec2.KeyPairInfo & { VpcId?: string }>, "KeyName"),
    launchTemplates: namesOf(
      LaunchTemplates as List<ec2.LaunchTemplate & { VpcId?: string }>,
      "LaunchTemplateName",
    ),
    autoScalingGroups: AutoScalingGroups.map(({ AutoScalingGroupName }) => String(AutoScalingGroupName)),
  };
}

async function globals({ iam: client, s3 }: Api): Promise<Inventory> {
  const { Roles = [] } = await client.send(new iam.ListRolesCommand());
  const { InstanceProfiles = [] } = await client.send(new iam.ListInstanceProfilesCommand());
  const { Policies = [] } = await client.send(new iam.ListPoliciesCommand({ Scope: "Local" }));
  const { Buckets = [] } = await s3.send(new ListBucketsCommand());
  return {
    roles: Roles.map(({ RoleName }) => String(RoleName)),
    instanceProfiles: InstanceProfiles.map(({ InstanceProfileName }) => String(InstanceProfileName)),
    policies: Policies.map(({ PolicyName }) => String(PolicyName)),
    buckets: Buckets.map(({ Name }) => String(Name)),
  };
}

const NETWORKS = [
  ...["vpcs", "subnets", "routeTables", "securityGroups", "networkInterfaces"],
  ...["internetGateways", "natGateways", "endpoints", "peerings"],
];
const MACHINES = ["instances", "volumes", "addresses", "keyPairs", "launchTemplates", "autoScalingGroups"];
const GLOBALS = ["roles", "instanceProfiles", "policies", "buckets"];

const none = (kinds: readonly string[]): Inventory => Object.fromEntries(kinds.map((kind) => [kind, []]));

/** A region in which nobody has made anything. */
export const nothingRegional = none([...NETWORKS, ...MACHINES]);

/** An account in which nobody has made anything. */
export const nothing = none([...NETWORKS, ...MACHINES, ...GLOBALS]);
