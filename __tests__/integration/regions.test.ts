import { DescribeAutoScalingGroupsCommand, SetDesiredCapacityCommand } from "@aws-sdk/client-auto-scaling";
import {
  DescribeInstancesCommand,
  DescribeRouteTablesCommand,
  DescribeVpcPeeringConnectionsCommand,
} from "@aws-sdk/client-ec2";
import { type Api, apiOf } from "../../simulator/account/clients";
import { inventory, nothing } from "../../simulator/account/inventory";
import type { EmulatedCluster } from "../../tools/trials/emulated-cluster";
import { describeEmulated } from "../helpers/emulated-suite";

const FRANKFURT = "eu-central-1";
const OREGON = "us-west-2";
const TWO = `{ eu: { region: ${FRANKFURT} }, west: { region: ${OREGON}, instanceTypes: [c7g.large, c6g.large] } }`;
const ONE = `{ eu: { region: ${FRANKFURT} } }`;

/** Fleets come to two regions and go again, each time by plain `cdktf deploy`. */
describeEmulated("a cluster with fleets in other regions", (suite) => {
  let cluster: EmulatedCluster;
  let home: Api;
  const there: Record<string, Api> = {};

  const deploy = async (fleets: string): Promise<void> => {
    cluster.env["LOCUST_CLUSTER_FLEETS"] = fleets;
    await cluster.deploy();
  };

  beforeAll(async () => {
    home = apiOf(suite().aws.account);
    for (const region of [FRANKFURT, OREGON]) {
      there[region] = apiOf(suite().aws.account, region);
      expect(await inventory(there[region])).toEqual(nothing);
    }
    cluster = suite().cluster("locust-wide", "workers: { count: 0 }\ntags: { team: load }\n");
    await deploy(TWO);
  });

  test("a second plan is empty", async () => {
    expect(await cluster.plan()).toEqual([]);
  });

  test("has an active peering with a route on both sides for each region", async () => {
    const { VpcPeeringConnections = [] } = await home.ec2.send(new DescribeVpcPeeringConnectionsCommand());
    expect(VpcPeeringConnections).toHaveLength(2);
    for (const { Status, VpcPeeringConnectionId, AccepterVpcInfo } of VpcPeeringConnections) {
      expect(Status?.Code).toBe("active");
      const blocks = async (api: Api): Promise<unknown[]> => {
        const { RouteTables = [] } = await api.ec2.send(new DescribeRouteTablesCommand());
        return RouteTables.flatMap(({ Routes = [] }) => Routes)
          .filter((route) => route.VpcPeeringConnectionId === VpcPeeringConnectionId)
          .map(({ DestinationCidrBlock }) => DestinationCidrBlock);
      };
      expect(await blocks(home)).toEqual([AccepterVpcInfo?.CidrBlock]);
      expect(await blocks(there[AccepterVpcInfo!.Region!]!)).toEqual(["10.77.0.0/16"]);
    }
  });

  test("starts machines there that know the cluster's bucket", async () => {
    const { bucket } = await cluster.outputs();
    for (const api of Object.values(there)) {
      const { AutoScalingGroups = [] } = await api.autoScaling.send(new DescribeAutoScalingGroupsCommand());
      expect(AutoScalingGroups).toHaveLength(1);
      const { AutoScalingGroupName } = AutoScalingGroups[0]!;
      await api.autoScaling.send(new SetDesiredCapacityCommand({ AutoScalingGroupName, DesiredCapacity: 1 }));
      const { Reservations = [] } = await api.ec2.send(new DescribeInstancesCommand());
      const [machine] = Reservations.flatMap(({ Instances = [] }) => Instances);
      expect(machine?.Tags).toContainEqual({ Key: "locust-cluster-bucket", Value: bucket });
      expect(machine?.Tags).toContainEqual({ Key: "team", Value: "load" });
      expect(machine?.KeyName).toMatch(/^locust-wide-/);
    }
    expect(await cluster.plan()).toEqual([]);
  });

  test("one region goes, with a machine that runs, and leaves the other alone", async () => {
    const before = await inventory(there[FRANKFURT]!);
    await deploy(ONE);
    expect(await cluster.plan()).toEqual([]);
    expect(await ec2Of(there[OREGON]!)).toEqual(NO_EC2);
    expect(await inventory(there[FRANKFURT]!)).toEqual(before);
  });

  test("all fleets go, and only what a cluster without fleets has stays", async () => {
    await deploy("{}");
    expect(await cluster.plan()).toEqual([]);
    expect(await ec2Of(there[FRANKFURT]!)).toEqual(NO_EC2);
    const { VpcPeeringConnections = [] } = await home.ec2.send(new DescribeVpcPeeringConnectionsCommand());
    expect(VpcPeeringConnections.filter(({ Status }) => Status?.Code !== "deleted")).toEqual([]);
  });

  test("'cdktf destroy' leaves nothing in any region", async () => {
    await deploy(TWO);
    await cluster.destroy();
    for (const api of [home, ...Object.values(there)]) expect(await inventory(api)).toEqual(nothing);
  });
});

const GLOBAL = ["roles", "instanceProfiles", "policies", "buckets"];
const NO_EC2 = Object.fromEntries(Object.entries(nothing).filter(([kind]) => !GLOBAL.includes(kind)));

/** What a region has beside what all regions share. */
async function ec2Of(api: Api): Promise<object> {
  return Object.fromEntries(Object.entries(await inventory(api)).filter(([kind]) => !GLOBAL.includes(kind)));
}
