import {
  type AutoScalingGroup,
  DescribeAutoScalingGroupsCommand,
  SetDesiredCapacityCommand,
  SuspendProcessesCommand,
} from "@aws-sdk/client-auto-scaling";
import { DescribeInstancesCommand, type Instance } from "@aws-sdk/client-ec2";
import { type Api, apiOf } from "../../simulator/account/clients";
import { inventory, nothing } from "../../simulator/account/inventory";
import { tracedActions } from "../../simulator/account/traced-actions";
import { createUser, type User } from "../../simulator/account/user";
import type { EmulatedCluster } from "../../tools/trials/emulated-cluster";
import { describeEmulated, type EmulatedSuite } from "../helpers/emulated-suite";
import { eventually } from "../helpers/eventually";
import { neverAsked, refused, statementsOf, toDocument } from "../helpers/policies";
import { checkFleetAgent } from "./checks/fleet-agent";
import { checkScaling } from "./checks/scaling";

const FLEETS = statementsOf(["fleets"]);

const CONFIG =
  "workers: { count: 0 }\ntags: { team: load, short: lived }\nfleets: { eu: { spot: true, max: 4, instanceTypes: [c7g.large, c6g.large] } }\n";

/** One fleet's life, told in order, by a user who has the policies of docs/permissions and nothing else. */
function fleetTests(suite: () => EmulatedSuite): void {
  let cluster: EmulatedCluster;
  let api: Api;
  let deployer: User;

  const group = async (): Promise<AutoScalingGroup> => {
    const { AutoScalingGroups = [] } = await api.autoScaling.send(new DescribeAutoScalingGroupsCommand());
    expect(AutoScalingGroups).toHaveLength(1);
    return AutoScalingGroups[0]!;
  };
  const machines = async (): Promise<Instance[]> => {
    const { Reservations = [] } = await api.ec2.send(
      new DescribeInstancesCommand({
        Filters: [
          { Name: "tag:locust-cluster-fleet", Values: ["eu"] },
          { Name: "instance-state-name", Values: ["pending", "running"] },
        ],
      }),
    );
    return Reservations.flatMap(({ Instances = [] }) => Instances);
  };
  const has = (count: number) => eventually(`${count} machines`, machines, ({ length }) => length === count);
  const idsOf = (instances: readonly Instance[]) => instances.map(({ InstanceId }) => InstanceId).sort();

  beforeAll(async () => {
    api = apiOf(suite().aws.account);
    expect(await inventory(api)).toEqual(nothing);
    deployer = await createUser(
      api.iam,
      "deployer",
      toDocument(statementsOf(["deployer"])),
      toDocument(FLEETS),
    );
    cluster = suite().cluster("locust-elastic", CONFIG);
    cluster.env["AWS_ACCESS_KEY_ID"] = deployer.accessKeyId;
    cluster.env["AWS_SECRET_ACCESS_KEY"] = deployer.secretAccessKey;
    await cluster.deploy();
  });

  test("begins with no machine, and a group that ends none by itself", async () => {
    const eu = await group();
    expect(eu).toMatchObject({ MinSize: 0, MaxSize: 4, DesiredCapacity: 0, Instances: [] });
    expect(eu.AutoScalingGroupName).toMatch(/^locust-elastic-eu-[0-9a-f]{8}$/);
    expect(eu.SuspendedProcesses?.map(({ ProcessName }) => ProcessName)).toEqual(["AZRebalance"]);
    expect(eu.Tags?.map(({ Key }) => Key).sort()).toEqual([
      "Name",
      "locust-cluster-fleet",
      "locust-cluster-name",
      "locust-cluster-state",
      "short",
      "team",
    ]);
    expect(await machines()).toEqual([]);
  });

  test("a second plan is empty", async () => {
    expect(await cluster.plan()).toEqual([]);
  });

  test("whoever sets the capacity gets machines like the workers, and no plan says otherwise", async () => {
    const { AutoScalingGroupName } = await group();
    await api.autoScaling.send(new SetDesiredCapacityCommand({ AutoScalingGroupName, DesiredCapacity: 2 }));
    const found = await has(2);
    for (const { IamInstanceProfile, InstanceLifecycle, InstanceType, MetadataOptions, Tags = [] } of found) {
      expect({ InstanceLifecycle, InstanceType }).toEqual({
        InstanceLifecycle: "spot",
        InstanceType: "c7g.large",
      });
      expect(IamInstanceProfile?.Arn).toContain(":instance-profile/locust-elastic-worker-role-");
      expect(MetadataOptions).toMatchObject({ HttpTokens: "required", InstanceMetadataTags: "enabled" });
      expect(Object.fromEntries(Tags.map(({ Key, Value }) => [Key, Value]))).toMatchObject({
        Name: "locust-elastic-eu",
        team: "load",
        "locust-cluster-role": "worker",
        "locust-cluster-fleet": "eu",
        "locust-cluster-bucket": (await cluster.outputs()).bucket,
        "locust-cluster-role-id": expect.stringMatching(/^AROA/) as string,
        "locust-cluster-state": expect.stringMatching(/^local:/) as string,
      });
    }
    expect(await cluster.plan()).toEqual([]);
  });

  checkScaling({ account: () => suite().aws.account, cluster: () => cluster, api: () => api, group });

  test("a larger size and maximum change the group and what the machines are told, and no machine", async () => {
    const before = idsOf(await has(2));
    const { AutoScalingGroupName } = await group();
    // AWS does that too, to a group that got no machine for a day.
    await api.autoScaling.send(
      new SuspendProcessesCommand({ AutoScalingGroupName, ScalingProcesses: ["Launch"] }),
    );
    cluster.env["LOCUST_CLUSTER_FLEETS"] =
      "{ eu: { spot: true, size: 1, max: 6, instanceTypes: [c7g.large, c6g.large] } }";
    expect((await cluster.planChanges()).map(({ address, actions }) => [address, actions])).toEqual([
      ["aws_autoscaling_group.fleet-eu_group", "update"],
      ["aws_s3_object.release_current", "update"],
    ]);
    await cluster.deploy();
    expect(await group()).toMatchObject({
      MaxSize: 6,
      DesiredCapacity: before.length,
      SuspendedProcesses: [{ ProcessName: "AZRebalance" }],
    });
    expect(idsOf(await machines())).toEqual(before);
  });

  checkFleetAgent({ suite, cluster: () => cluster, api: () => api, group, has });

  test("other tags reach the group, and no machine that is up", async () => {
    const before = idsOf(await has(1));
    cluster.env["LOCUST_CLUSTER_TAGS"] = "{ team: shop }";
    await cluster.deploy();
    expect(Object.fromEntries((await group()).Tags?.map(({ Key, Value }) => [Key, Value]) ?? [])).toEqual(
      expect.objectContaining({ team: "shop" }),
    );
    const old = await machines();
    expect(idsOf(old)).toEqual(before);
    for (const { Tags } of old) expect(Tags).toContainEqual({ Key: "team", Value: "load" });
    expect(await cluster.plan()).toEqual([]);
  });

  test("'cdktf destroy' drains it at its size and leaves nothing", async () => {
    expect(await machines()).not.toEqual([]);
    await cluster.destroy();
    const { policies, ...left } = await inventory(api);
    expect([...(policies ?? [])].sort()).toEqual(["deployer", "deployer-2"]);
    expect(left).toEqual(Object.fromEntries(Object.entries(nothing).filter(([kind]) => kind !== "policies")));
  });

  test("the deployer asked for nothing that is not allowed, and for all that is allowed for fleets", async () => {
    const traced = await tracedActions(suite().aws.account, deployer.arn);
    expect(refused(traced)).toEqual([]);
    expect(neverAsked(FLEETS, traced)).toEqual([]);
  });
}

// AWS's pause after a failed launch.
describeEmulated("a cluster with a fleet", fleetTests, { relaunchSeconds: 120 });
