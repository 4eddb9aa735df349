import {
  DescribeInstanceAttributeCommand,
  DescribeInstancesCommand,
  DescribeInstanceTypesCommand,
  DescribeKeyPairsCommand,
  DescribeRouteTablesCommand,
  DescribeSecurityGroupsCommand,
  DescribeSubnetsCommand,
  DescribeVpcEndpointsCommand,
  DescribeVpcPeeringConnectionsCommand,
  DescribeVpcsCommand,
  type EC2Client,
  StopInstancesCommand,
  TerminateInstancesCommand,
} from "@aws-sdk/client-ec2";
import type { Account } from "./account/account";
import { setStatusCheck } from "./account/notices";
import type { SecurityGroup } from "./firewall";
import type { Instance, InstanceDetails } from "./instance";
import { toInstance, toPeering, toRouteTable, toSecurityGroup } from "./instance-api";
import type { Peerings } from "./regions/peering";

interface AccountViewOptions {
  readonly account: Account;
  readonly ec2: EC2Client;
  readonly region: string;
}

/** The account as EC2's API describes it: what the machines are made after. */
export class AccountView {
  private readonly account: Account;
  private readonly ec2: EC2Client;
  private readonly region: string;

  constructor({ account, ec2, region }: AccountViewOptions) {
    this.account = account;
    this.ec2 = ec2;
    this.region = region;
  }

  async instances(): Promise<Instance[]> {
    const { Reservations: reservations = [] } = await this.ec2.send(new DescribeInstancesCommand({}));
    return reservations.flatMap(({ Instances: instances = [], OwnerId: owner = "" }) =>
      instances.map((instance) => toInstance(instance, owner, this.region)),
    );
  }

  async securityGroups(): Promise<SecurityGroup[]> {
    const { SecurityGroups: groups = [] } = await this.ec2.send(new DescribeSecurityGroupsCommand({}));
    return groups.map(toSecurityGroup);
  }

  /** What leads to other VPCs, of this region and others. */
  async peerings(): Promise<Peerings> {
    const [{ VpcPeeringConnections: connections = [] }, { RouteTables: tables = [] }] = await Promise.all([
      this.ec2.send(new DescribeVpcPeeringConnectionsCommand({})),
      this.ec2.send(new DescribeRouteTablesCommand({})),
    ]);
    const active = connections.filter(({ Status: status }) => status?.Code === "active");
    return { peerings: active.map(toPeering), tables: tables.map(toRouteTable) };
  }

  /** What EC2 sees of a machine that answers no more, or answers again. */
  statusCheck(instanceId: string, failing: boolean): Promise<void> {
    return setStatusCheck(this.account, instanceId, failing);
  }

  /** What a machine needs beyond its instance's own description. */
  async details(instance: Instance): Promise<InstanceDetails> {
    const [userData, publicKey, vcpus, subnetCidr, vpcCidr, routes] = await Promise.all([
      this.userData(instance.id),
      this.publicKey(instance.keyName),
      this.vcpus(instance.type),
      this.subnetCidr(instance.subnetId),
      this.vpcCidr(instance.vpcId),
      this.routes(instance),
    ]);
    return { userData, publicKey, vcpus, subnetCidr, vpcCidr, ...routes };
  }

  /** What EC2 does with an instance whose guest powered itself off. */
  async afterPowerOff(instanceId: string): Promise<void> {
    const attribute = await this.ec2.send(
      new DescribeInstanceAttributeCommand({
        InstanceId: instanceId,
        Attribute: "instanceInitiatedShutdownBehavior",
      }),
    );
    const ids = { InstanceIds: [instanceId] };
    if (attribute.InstanceInitiatedShutdownBehavior?.Value === "terminate") {
      await this.ec2.send(new TerminateInstancesCommand(ids));
    } else {
      await this.ec2.send(new StopInstancesCommand(ids));
    }
  }

  private async userData(instanceId: string): Promise<string | undefined> {
    const command = new DescribeInstanceAttributeCommand({ InstanceId: instanceId, Attribute: "userData" });
    return (await this.ec2.send(command)).UserData?.Value;
  }

  private async publicKey(name: string | undefined): Promise<string | undefined> {
    if (!name) return undefined;
    const command = new DescribeKeyPairsCommand({ KeyNames: [name], IncludePublicKey: true });
    return (await this.ec2.send(command)).KeyPairs?.[0]?.PublicKey;
  }

  private async vcpus(type: string): Promise<number> {
    const command = new DescribeInstanceTypesCommand({ InstanceTypes: [type as "t3.small"] });
    return (await this.ec2.send(command)).InstanceTypes?.[0]?.VCpuInfo?.DefaultVCpus ?? 1;
  }

  private async subnetCidr(id: string): Promise<string> {
    const { Subnets: subnets = [] } = await this.ec2.send(new DescribeSubnetsCommand({ SubnetIds: [id] }));
    return subnets[0]?.CidrBlock ?? "";
  }

  private async vpcCidr(id: string): Promise<string> {
    const { Vpcs: vpcs = [] } = await this.ec2.send(new DescribeVpcsCommand({ VpcIds: [id] }));
    return vpcs[0]?.CidrBlock ?? "";
  }

  private async routes({
    subnetId,
    vpcId,
  }: Instance): Promise<{ internetGateway: boolean; storageEndpoint: boolean }> {
    const inVpc = [{ Name: "vpc-id", Values: [vpcId] }];
    const [{ RouteTables: tables = [] }, { VpcEndpoints: endpoints = [] }] = await Promise.all([
      this.ec2.send(new DescribeRouteTablesCommand({ Filters: inVpc })),
      this.ec2.send(new DescribeVpcEndpointsCommand({ Filters: inVpc })),
    ]);
    const own = tables.find((table) =>
      table.Associations?.some((association) => association.SubnetId === subnetId),
    );
    const table =
      own ?? tables.find(({ Associations: associations }) => associations?.some(({ Main: main }) => main));
    const gateways = endpoints.filter(({ ServiceName: service }) => service?.endsWith(".s3"));
    return {
      internetGateway: (table?.Routes ?? []).some(
        (route) => route.DestinationCidrBlock === "0.0.0.0/0" && route.GatewayId?.startsWith("igw-"),
      ),
      storageEndpoint: gateways.some(({ RouteTableIds: ids }) => ids?.includes(table?.RouteTableId ?? "")),
    };
  }
}
