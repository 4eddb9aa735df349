import {
  type AutoScalingGroup,
  DescribeAutoScalingGroupsCommand,
  SetDesiredCapacityCommand,
  SuspendProcessesCommand,
} from "@aws-sdk/client-auto-scaling";
import {
  DescribeInstancesCommand,
  DescribeRouteTablesCommand,
  DescribeVpcPeeringConnectionsCommand,
  type Instance,
} from "@aws-sdk/client-ec2";
import { type Api, apiOf } from "../../simulator/account/clients";
import { inventory, nothing, nothingRegional, regionalInventory } from "../../simulator/account/inventory";
import { tracedActions } from "../../simulator/account/traced-actions";
import { createUser, type User } from "../../simulator/account/user";
import { type EmulatedCluster, succeeded } from "../../tools/trials/emulated-cluster";
import { describeEmulated } from "../helpers/emulated-suite";
import { eventually } from "../helpers/eventually";
import { neverAsked, refused, statementsOf, toDocument } from "../helpers/policies";

const FRANKFURT = "eu-central-1";
const OREGON = "us-west-2";
const TWO = `{ eu: { region: ${FRANKFURT} }, west: { region: ${OREGON}, instanceTypes: [c7g.large, c6g.large] } }`;
const ONE = `{ eu: { region: ${FRANKFURT} } }`;

/** Of docs/permissions, for each of the two regions. */
const REGIONS = [FRANKFURT, OREGON].map((region) => statementsOf(["regions"], { FLEET_REGION: region }));

/** Fleets come to two regions and go again, by a user who has the policies of docs/permissions and nothing else. */
describeEmulated("a cluster with fleets in other regions", (suite) => {
  let cluster: EmulatedCluster;
  let deployer: User;
  let home: Api;
  const there: Record<string, Api> = {};

  const deploy = async (fleets: string): Promise<void> => {
    cluster.env["LOCUST_CLUSTER_FLEETS"] = fleets;
    await cluster.deploy();
  };
  const groupIn = async (region: string): Promise<AutoScalingGroup> => {
    const { AutoScalingGroups = [] } = await there[region]!.autoScaling.send(
      new DescribeAutoScalingGroupsCommand(),
    );
    expect(AutoScalingGroups).toHaveLength(1);
    return AutoScalingGroups[0]!;
  };

  const machinesIn = async (region: string): Promise<readonly Instance[]> => {
    const { Reservations = [] } = await there[region]!.ec2.send(new DescribeInstancesCommand());
    return Reservations.flatMap(({ Instances = [] }) => Instances);
  };
  const isThere = ({ length }: readonly unknown[]) => length > 0;

  beforeAll(async () => {
    home = apiOf(suite().aws.account);
    for (const region of [FRANKFURT, OREGON]) {
      there[region] = apiOf(suite().aws.account, region);
      expect(await inventory(there[region])).toEqual(nothing);
    }
    const own = [statementsOf(["deployer"]), statementsOf(["fleets"])];
    deployer = await createUser(home.iam, "deployer", ...[...own, ...REGIONS].map(toDocument));
    cluster = suite().cluster("locust-wide", "workers: { count: 0 }\ntags: { team: load, short: lived }\n");
    cluster.env["AWS_ACCESS_KEY_ID"] = deployer.accessKeyId;
    cluster.env["AWS_SECRET_ACCESS_KEY"] = deployer.secretAccessKey;
    await deploy(TWO);
  });

  test("'locust-cluster deploy' finds nothing to do there, and may look into both regions", async () => {
    const { output } = succeeded(await cluster.locustCluster("deploy", "--no-wait"));
    expect(output).toContain("No changes.");
    expect(output).not.toMatch(/could not check|was not checked/);
  });

  test("a region that the account has not enabled is refused by the preflight, by its name", async () => {
    const fleets = "LOCUST_CLUSTER_FLEETS={ gulf: { region: me-south-1 } }";
    const { code, output } = await cluster.run("env", fleets, "node", "bin/locust-cluster.js", "prepare");
    expect(code).toBe(2);
    expect(output).toContain(
      "'fleets.gulf.region' names me-south-1, a region that this account has not enabled",
    );
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

  test("starts machines there that know the cluster's bucket, and a second plan is empty", async () => {
    const { bucket } = await cluster.outputs();
    for (const [region, api] of Object.entries(there)) {
      const { AutoScalingGroupName } = await groupIn(region);
      await api.autoScaling.send(new SetDesiredCapacityCommand({ AutoScalingGroupName, DesiredCapacity: 1 }));
      const [machine] = await eventually(`a machine in ${region}`, () => machinesIn(region), isThere);
      expect(machine?.Tags).toContainEqual({ Key: "locust-cluster-bucket", Value: bucket });
      expect(machine?.Tags).toContainEqual({ Key: "team", Value: "load" });
      expect(machine?.KeyName).toMatch(/^locust-wide-/);
    }
    expect(await cluster.plan()).toEqual([]);
  });

  test("one region goes, with a machine that runs, and leaves the other alone but for its tags", async () => {
    const before = await inventory(there[FRANKFURT]!);
    const { AutoScalingGroupName } = await groupIn(FRANKFURT);
    // AWS does that too, to a group that got no machine for a day.
    const suspended = { AutoScalingGroupName, ScalingProcesses: ["Launch"] };
    await there[FRANKFURT]!.autoScaling.send(new SuspendProcessesCommand(suspended));
    cluster.env["LOCUST_CLUSTER_TAGS"] = "{ team: shop }";
    await deploy(ONE);
    expect(await cluster.plan()).toEqual([]);
    expect(await regionalInventory(there[OREGON]!)).toEqual(nothingRegional);
    // What goes was connected with the cluster's VPC; what stays still is.
    expect((await inventory(home))["peerings"]).toEqual(before["peerings"]);
    expect(await inventory(there[FRANKFURT]!)).toEqual(before);
    const { SuspendedProcesses, Tags = [] } = await groupIn(FRANKFURT);
    expect(SuspendedProcesses?.map(({ ProcessName }) => ProcessName)).toEqual(["AZRebalance"]);
    expect(Tags.map(({ Key, Value }) => `${Key}: ${Value}`)).toContain("team: shop");
  });

  test("all fleets go, and only what a cluster without fleets has stays", async () => {
    await deploy("{}");
    expect(await cluster.plan()).toEqual([]);
    expect(await regionalInventory(there[FRANKFURT]!)).toEqual(nothingRegional);
    expect((await inventory(home))["peerings"]).toEqual([]);
  });

  test("'locust-cluster destroy' looks for leftovers where fleets were, and leaves nothing in any region", async () => {
    const { output } = succeeded(await cluster.locustCluster("destroy", "--yes"));
    expect(output).not.toContain("could not check");
    for (const api of [home, ...Object.values(there)]) {
      const { policies, ...left } = await inventory(api);
      expect(policies?.every((name) => name.startsWith("deployer"))).toBe(true);
      expect({ policies: [], ...left }).toEqual(nothing);
    }
  });

  test("the deployer asked for nothing that is not allowed, and for all that is allowed for regions", async () => {
    const traced = await tracedActions(suite().aws.account, deployer.arn);
    expect(refused(traced)).toEqual([]);
    // The statements of both regions have the same names.
    expect(neverAsked(REGIONS[0]!, traced)).toEqual([]);
  });
});
