import * as ec2 from "@aws-sdk/client-ec2";
import * as iam from "@aws-sdk/client-iam";
import { CreateBucketCommand, ListObjectsV2Command } from "@aws-sdk/client-s3";
import { type Api, apiOf } from "../../simulator/account/clients";
import { type EmulatedCluster, succeeded } from "../../tools/trials/emulated-cluster";
import { describeEmulated } from "../helpers/emulated-suite";
import { inventory, nothing } from "../../simulator/account/inventory";
import { killDeployWhen } from "../../tools/trials/killed-deploy";

const CONFIG = "workers: { count: 1 }\n";
const OTHER_BUCKET = "bucket-of-somebody-else";
const STATES = "states-of-the-team";

/** Terraform and its plugin are killed at three moments of a deploy: nothing may stay in the account for good. */
describeEmulated("a deploy that is killed", (suite) => {
  let api: Api;
  let states: Record<"network" | "pending" | "running", EmulatedCluster>;
  let stranger: { readonly instance: string; readonly role: string };

  const named = ({ name }: EmulatedCluster, ...more: ec2.Filter[]) => ({
    Filters: [{ Name: "tag:locust-cluster-name", Values: [name] }, ...more],
  });
  const instancesOf = async (cluster: EmulatedCluster, ...names: string[]) => {
    const filter = { Name: "instance-state-name", Values: names };
    const { Reservations = [] } = await api.ec2.send(
      new ec2.DescribeInstancesCommand(named(cluster, filter)),
    );
    return Reservations.flatMap(({ Instances = [] }) => Instances);
  };
  /** The same name, deployed by somebody else, who has a bucket, and a machine whose bucket is gone. */
  const plant = async (name: string, bucket: string, mark: string): Promise<string> => {
    const { Subnets: [place] = [] } = await api.ec2.send(new ec2.DescribeSubnetsCommand());
    const tags = {
      "locust-cluster-name": name,
      "locust-cluster-bucket": bucket,
      "locust-cluster-state": mark,
    };
    const Tags = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
    const { Instances } = await api.ec2.send(
      new ec2.RunInstancesCommand({
        ImageId: "ami-0deb1a13a64000001",
        InstanceType: "c7g.large",
        SubnetId: place?.SubnetId,
        MinCount: 1,
        MaxCount: 1,
        TagSpecifications: [{ ResourceType: "instance", Tags }],
      }),
    );
    return String(Instances?.[0]?.InstanceId);
  };

  beforeAll(async () => {
    api = apiOf(suite().aws.account);
    states = {
      network: suite().cluster("network", CONFIG),
      pending: suite().cluster("pending", CONFIG),
      running: suite().cluster("running", `${CONFIG}state: { bucket: ${STATES} }\n`),
    };
    for (const cluster of Object.values(states)) cluster.output = `cdktf.out.${cluster.name}`;
    for (const Bucket of [OTHER_BUCKET, STATES]) await api.s3.send(new CreateBucketCommand({ Bucket }));
    const role = "network-master-role-somebody-else";
    const Tags = [{ Key: "locust-cluster-state", Value: "local:somebody-else" }];
    await api.iam.send(new iam.CreateRoleCommand({ RoleName: role, AssumeRolePolicyDocument: TRUST, Tags }));
    stranger = { instance: await plant("network", OTHER_BUCKET, "local:somebody-else"), role };
    succeeded(await states.network.locustCluster("prepare"));
  });

  test("is killed while the parts of the VPC are made, while instances are pending, and before one has its address", async () => {
    const moments = [
      killDeployWhen(states.network, async () => {
        const { Subnets = [] } = await api.ec2.send(new ec2.DescribeSubnetsCommand(named(states.network)));
        return Subnets.length > 0;
      }),
      killDeployWhen(states.pending, async () => (await instancesOf(states.pending, "pending")).length > 0),
      killDeployWhen(states.running, async () => (await instancesOf(states.running, "running")).length > 1),
    ];
    await expect(Promise.all(moments)).resolves.toEqual([true, true, true]);
    expect(await instancesOf(states.running, "running")).not.toEqual([]);
  });

  test("'status' says what is left that no state knows", async () => {
    const { code, output } = await states.pending.locustCluster("status");
    expect(code).toBe(2);
    expect(output).toMatch(
      /a killed deploy of cluster 'pending' left \d+ resources that Terraform does not know:\n(  .*\n)*  instance i-[0-9a-f]+ \(pending-master\)/,
    );
    expect(output).toContain("remove them with 'npx locust-cluster destroy'");
  });

  test("can be deployed again, once that may be removed", async () => {
    const asked = await states.pending.locustCluster("deploy", "--no-wait");
    expect(asked.code).toBe(2);
    expect(asked.output).toContain("remove them with 'npx locust-cluster deploy --yes'");
    const command = "node bin/locust-cluster.js deploy --no-wait";
    const refused = await states.pending.run("sh", "-c", `echo n | script -qefc '${command}' /dev/null`);
    expect(refused.output).toMatch(/remove them\? \[y\/N\] [^]*nothing was changed/);
    expect(refused.code).toBe(2);
    succeeded(await states.pending.locustCluster("deploy", "--no-wait", "--yes"));
    expect(await instancesOf(states.pending, "pending", "running")).toHaveLength(2);
    expect(await states.pending.plan()).toEqual([]);
  });

  test("can be destroyed, with a machine whose bucket is gone, and nobody else's of the same name", async () => {
    await plant("network", "bucket-that-is-gone", "local:before");
    await Promise.all(
      Object.values(states).map(async (cluster) => {
        // The killed one still holds the lock on its state in S3.
        const options = cluster === states.running ? ["--force-unlock"] : [];
        const { output } = succeeded(await cluster.locustCluster("destroy", "--yes", ...options));
        expect(output).toContain(`cluster '${cluster.name}' is gone`);
      }),
    );
    const { Contents = [] } = await api.s3.send(new ListObjectsV2Command({ Bucket: STATES }));
    expect(Contents.map(({ Key }) => Key).filter((key) => key?.endsWith(".tflock"))).toEqual([]);
    const rest = await inventory(api);
    expect(rest).toEqual({
      ...nothing,
      instances: [stranger.instance],
      roles: [stranger.role],
      buckets: [OTHER_BUCKET, STATES],
      // Of the stranger's machine.
      networkInterfaces: rest["networkInterfaces"],
      volumes: [expect.any(String)],
    });
  });
});

const TRUST = JSON.stringify({
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Principal: { Service: "ec2.amazonaws.com" }, Action: "sts:AssumeRole" }],
});
