import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { CreateRouteTableCommand, CreateVpcCommand, DeleteVpcCommand, EC2Client } from "@aws-sdk/client-ec2";
import { GetRoleCommand, IAMClient } from "@aws-sdk/client-iam";
import {
  CreateBucketCommand,
  ListObjectsV2Command,
  PutBucketEncryptionCommand,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { readBundle } from "../../lib/model/bundle";
import type { ClusterOutputs } from "../../lib/model/outputs";
import { stateKey } from "../../lib/model/state-mark";
import { tracedActions } from "../../simulator/account/traced-actions";
import { createUser, type User } from "../../simulator/account/user";
import { record } from "../cli/recorded-cluster";
import { type Api, apiOf, clientOptions } from "../../simulator/account/clients";
import { takeAway } from "../../tools/trials/clone";
import type { CommandResult } from "../../tools/trials/command";
import { type EmulatedCluster, succeeded } from "../../tools/trials/emulated-cluster";
import { describeEmulated } from "../helpers/emulated-suite";
import { inventory } from "../../simulator/account/inventory";
import { leaveRole } from "../helpers/leave-role";
import { neverAsked, statementsOf, toDocument } from "../helpers/policies";
import { run } from "../test-runs/recorded-run";

const BUCKETS = { STATE_BUCKET: "state-of-the-team", RESULTS_BUCKET: "results-of-the-team" };
const DEPLOYER = statementsOf(["deployer", "state-bucket", "results-bucket"], BUCKETS);
const TESTER = statementsOf(["tester"], BUCKETS);

const NAME = "locust-permitted";
const SETTINGS = {
  name: NAME,
  state: { bucket: BUCKETS.STATE_BUCKET },
  results: { bucket: BUCKETS.RESULTS_BUCKET },
  workers: { count: 1 },
};
const FIRST = { ...SETTINGS, tags: { team: "load", short: "lived" } };
/** Every setting that a deploy changes in place, and a worker more. */
const CHANGED = {
  ...SETTINGS,
  workers: { count: 2 },
  master: { instanceType: "t4g.medium" },
  machines: { rootVolumeGiB: 12 },
  access: { https: true, webCidrs: ["198.51.100.7/32"] },
  tags: { team: "shop" },
};

/** docs/permissions.md: users who have these policies and nothing else, through the life of one cluster. */
describeEmulated("the policies of docs/permissions", (suite) => {
  let api: Api;
  let deployer: User;
  let tester: User;
  let cluster: EmulatedCluster;
  let bucket: string;
  let nodes: ClusterOutputs["nodes"];

  const as = (user: User, ...args: string[]): Promise<CommandResult> => {
    const keys = { AWS_ACCESS_KEY_ID: user.accessKeyId, AWS_SECRET_ACCESS_KEY: user.secretAccessKey };
    Object.assign(cluster.env, keys);
    return cluster.locustCluster(...args);
  };
  const configure = (settings: object): void =>
    writeFileSync(join(cluster.folder, "cluster.yaml"), JSON.stringify(settings));
  const put = (Bucket: string, Key: string, content: object) =>
    api.s3.send(new PutObjectCommand({ Bucket, Key, Body: JSON.stringify(content) }));
  const asked = (user: User) => tracedActions(suite().aws.account, user.arn);

  beforeAll(async () => {
    api = apiOf(suite().aws.account);
    for (const Bucket of Object.values(BUCKETS)) await api.s3.send(new CreateBucketCommand({ Bucket }));
    await encrypt(api, BUCKETS.RESULTS_BUCKET);
    deployer = await createUser(api.iam, "deployer", toDocument(DEPLOYER));
    tester = await createUser(api.iam, "tester", toDocument(TESTER));
    cluster = suite().cluster(NAME);
    cluster.output = `cdktf.out.${NAME}`;
  });

  test("the deployer deploys", async () => {
    configure(FIRST);
    succeeded(await as(deployer, "deploy", "--no-wait"));
    ({ bucket, nodes } = await cluster.outputs());
  });

  test("the tester publishes a test, looks at the cluster and fetches runs", async () => {
    writeFileSync(join(cluster.folder, "locust", "more.py"), "x = 1\n");
    const locust = join(cluster.folder, "locust");
    const { hash } = readBundle({ packageRoot: cluster.folder, testDirectory: locust });
    // What the machines write, so that nobody waits for them.
    const refused = { bundle: hash, reason: "no machine runs here", log: [] };
    for (const { name, instance_id } of nodes)
      await put(bucket, `nodes/${instance_id}.json`, record(name, { instance_id, refused }));
    const finished = run({ id: "20261121-110000-old", cluster: NAME });
    await put(
      BUCKETS.RESULTS_BUCKET,
      `locust-cluster/us-east-1/${NAME}/runs/${finished.id}/run.json`,
      finished,
    );

    const pushed = await as(tester, "push");
    expect(pushed.output).toContain("uploaded test ");
    expect(pushed.output).toContain("no machine runs here");
    expect((await as(tester, "status")).stdout).toContain("worker-1");
    expect((await as(tester, "logs", "worker-1")).output).toContain("port 22: Connection refused");
    expect((await as(tester, "runs", "--all")).stdout).toContain(finished.id);
    expect((await as(tester, "pull", "--all")).output).toContain("fetched from the bucket");
  });

  test("the deployer changes all that can be changed in place", async () => {
    configure(CHANGED);
    succeeded(await as(deployer, "deploy", "--no-wait"));
  });

  test("the deployer destroys, also what is in no state, and nothing is left", async () => {
    takeAway(cluster.folder, "runs");
    const key = stateKey({ name: NAME, region: "us-east-1" });
    await leaveRole(api.iam, NAME, `s3://${BUCKETS.STATE_BUCKET}/${key}`);
    expect(succeeded(await as(deployer, "runs", "--all")).stdout).toContain("bucket\n");
    succeeded(await as(deployer, "destroy", "--yes"));
    const { policies, ...left } = await inventory(api);
    expect([...(policies ?? [])].sort()).toEqual(["deployer", "given", "tester"]);
    expect(Object.values(left).flat().sort()).toEqual(Object.values(BUCKETS).sort());
  });

  test("nothing was asked for that is not allowed", async () => {
    for (const user of [deployer, tester])
      expect((await asked(user)).filter(({ allowed }) => !allowed)).toEqual([]);
  });

  test("nothing is allowed that was not asked for", async () => {
    expect(neverAsked(DEPLOYER, await asked(deployer))).toEqual([]);
    expect(neverAsked(TESTER, await asked(tester))).toEqual([]);
  });

  test("what is not a cluster of these names is out of reach", async () => {
    const another = await createUser(api.iam, "another", toDocument(DEPLOYER));
    const options = { ...clientOptions(suite().aws.account), credentials: another };
    const ec2 = new EC2Client(options);
    const refused = { $metadata: { httpStatusCode: 403 } };
    const { Vpc } = await api.ec2.send(new CreateVpcCommand({ CidrBlock: "10.9.0.0/16" }));
    const ofAnother = { VpcId: Vpc?.VpcId };
    await expect(ec2.send(new CreateVpcCommand({ CidrBlock: "10.9.0.0/16" }))).rejects.toMatchObject(refused);
    await expect(ec2.send(new CreateRouteTableCommand(ofAnother))).rejects.toMatchObject(refused);
    await expect(ec2.send(new DeleteVpcCommand(ofAnother))).rejects.toMatchObject(refused);
    const role = new GetRoleCommand({ RoleName: "administrators" });
    await expect(new IAMClient(options).send(role)).rejects.toMatchObject(refused);
    const runs = new ListObjectsV2Command({ Bucket: "somebody-elses" });
    await api.s3.send(new CreateBucketCommand({ Bucket: "somebody-elses" }));
    await expect(new S3Client(options).send(runs)).rejects.toMatchObject(refused);
  });
});

/** With a key of the account's own, as `results.bucket` may have one. */
async function encrypt({ s3 }: Api, Bucket: string): Promise<void> {
  const KMSMasterKeyID = "arn:aws:kms:us-east-1:123456789012:key/11111111-2222-3333-4444-555555555555";
  const Rules = [
    { ApplyServerSideEncryptionByDefault: { SSEAlgorithm: "aws:kms" as const, KMSMasterKeyID } },
  ];
  await s3.send(new PutBucketEncryptionCommand({ Bucket, ServerSideEncryptionConfiguration: { Rules } }));
}
