import { EC2Client } from "@aws-sdk/client-ec2";
import { IAMClient } from "@aws-sdk/client-iam";
import { S3Client } from "@aws-sdk/client-s3";
import { describeLeftover, findUnknown } from "../../../cli/leftovers/find";
import type { Search } from "../../../cli/leftovers/kind";
import { bucketPrefix } from "../../../lib/state-mark";

const MARK = "local:ours";

/** An account that answers by the name of the command; what is not named is empty. */
function search(
  answers: Readonly<Record<string, unknown>>,
  knowledge: Partial<Search["knowledge"]> = {},
): { search: Search; asked: string[] } {
  const asked: string[] = [];
  const send = (command: { constructor: { name: string }; input: unknown }): Promise<unknown> => {
    const name = command.constructor.name.replace(/Command$/, "");
    asked.push(name);
    const answer = answers[name];
    return Promise.resolve(
      typeof answer === "function" ? (answer as (input: unknown) => unknown)(command.input) : (answer ?? {}),
    );
  };
  const clients = { ec2: new EC2Client(), iam: new IAMClient(), s3: new S3Client() };
  for (const client of Object.values(clients)) Object.assign(client, { send });
  return {
    asked,
    search: {
      ...clients,
      cluster: "shop",
      region: "us-east-1",
      keepRuns: true,
      knowledge: { marks: [MARK], buckets: ["shop-ours"], ids: new Set(), ...knowledge },
      tell: () => undefined,
    },
  };
}

const toTags = (tags: Readonly<Record<string, string>>) =>
  Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));

const machines = (...tags: Readonly<Record<string, string>>[]) => ({
  DescribeInstances: {
    Reservations: [
      { Instances: tags.map((each, index) => ({ InstanceId: `i-${index}`, Tags: toTags(each) })) },
    ],
  },
});

/** What S3 answers to HeadBucket, by its HTTP status. */
const headBucket = (status: number) => ({
  HeadBucket: () => {
    if (status === 200) return {};
    throw Object.assign(new Error("no"), { $metadata: { httpStatusCode: status } });
  },
});

describe("a machine of the cluster's name", () => {
  const idsOf = async (
    tags: Readonly<Record<string, string>>,
    status = 200,
    knowledge: Partial<Search["knowledge"]> = {},
  ): Promise<string[]> => {
    const made = search({ ...machines(tags), ...headBucket(status) }, knowledge);
    return (await findUnknown(made.search)).map(({ id }) => id);
  };

  test("is this cluster's by the mark", async () => {
    await expect(idsOf({ "locust-cluster-state": MARK })).resolves.toEqual(["i-0"]);
  });

  test("is this cluster's by its bucket, also before there was a mark", async () => {
    await expect(idsOf({ "locust-cluster-bucket": "shop-ours" }, 200, { marks: [] })).resolves.toEqual([
      "i-0",
    ]);
  });

  test("is nobody's when its bucket is gone", async () => {
    await expect(idsOf({ "locust-cluster-bucket": "shop-other" }, 404)).resolves.toEqual(["i-0"]);
  });

  test.each([200, 301, 403])("is somebody else's when S3 answers %d for its bucket", async (status) => {
    const tags = { "locust-cluster-bucket": "shop-other", "locust-cluster-state": "local:other" };
    await expect(idsOf(tags, status)).resolves.toEqual([]);
  });

  test("is not judged when S3 cannot tell", async () => {
    await expect(idsOf({ "locust-cluster-bucket": "shop-other" }, 503)).rejects.toThrow("no");
  });

  test("is left alone without a mark and a bucket", async () => {
    await expect(idsOf({ Name: "shop-worker-1" }, 404)).resolves.toEqual([]);
  });

  test("is no leftover when the state knows it", async () => {
    const ids = new Set(["i-0"]);
    await expect(idsOf({ "locust-cluster-state": MARK }, 200, { ids })).resolves.toEqual([]);
  });
});

test("a route table loses its associations before it is deleted", async () => {
  const associations = [
    { RouteTableAssociationId: "rtbassoc-1" },
    { RouteTableAssociationId: "main", Main: true },
  ];
  const answer = { RouteTables: [{ RouteTableId: "rtb-1", Associations: associations }] };
  const { search: made, asked } = search({ DescribeRouteTables: answer });
  const [table] = await findUnknown(made);
  asked.length = 0;
  await table?.kind.remove(made, "rtb-1");
  expect(asked).toEqual(["DescribeRouteTables", "DisassociateRouteTable", "DeleteRouteTable"]);
});

describe("findUnknown", () => {
  test("asks for nothing but machines where no mark is known", async () => {
    const { search: made, asked } = search({}, { marks: [] });
    await findUnknown(made);
    expect(asked).toEqual(["DescribeInstances"]);
  });

  test("gives what uses others before them", async () => {
    const named = (id: string) => ({ Tags: toTags({ Name: "shop" }), ...(JSON.parse(id) as object) });
    const { search: made } = search({
      ...machines({ "locust-cluster-state": MARK }),
      DescribeVpcs: { Vpcs: [named('{"VpcId":"vpc-1"}')] },
      DescribeSubnets: { Subnets: [named('{"SubnetId":"subnet-1"}')] },
      DescribeAddresses: { Addresses: [{ AllocationId: "eipalloc-1", PublicIp: "203.0.113.7" }] },
      ListBuckets: { Buckets: [{ Name: `${bucketPrefix("shop", MARK)}20261126` }, { Name: "shop-else" }] },
      ListRoles: { Roles: [{ RoleName: "shop-master-role-1" }, { RoleName: "other" }] },
      GetRole: { Role: { Tags: toTags({ "locust-cluster-state": MARK }) } },
      ListInstanceProfiles: { InstanceProfiles: [{ InstanceProfileName: "shop-master-role-1" }] },
      GetInstanceProfile: { InstanceProfile: { Tags: toTags({ "locust-cluster-state": "local:other" }) } },
    });
    expect((await findUnknown(made)).map(describeLeftover)).toEqual([
      "instance i-0",
      "Elastic IP eipalloc-1 (203.0.113.7)",
      "subnet subnet-1 (shop)",
      "VPC vpc-1 (shop)",
      "role shop-master-role-1",
      `bucket ${bucketPrefix("shop", MARK)}20261126`,
    ]);
  });

  test("looks for links on what the state knows only", async () => {
    const table = {
      RouteTableId: "rtb-1",
      Routes: [{ DestinationCidrBlock: "10.0.0.0/8" }, { DestinationCidrBlock: "0.0.0.0/0" }],
      Associations: [
        { RouteTableAssociationId: "rtbassoc-main", Main: true },
        { RouteTableAssociationId: "rtbassoc-1", SubnetId: "subnet-1" },
        { RouteTableAssociationId: "rtbassoc-2", SubnetId: "subnet-of-somebody" },
      ],
    };
    const answers = { DescribeRouteTables: { RouteTables: [table] } };
    const known = search(answers, { ids: new Set(["rtb-1", "subnet-1"]) });
    expect((await findUnknown(known.search)).map(({ id }) => id)).toEqual(["rtbassoc-1", "rtb-1 0.0.0.0/0"]);
    expect((await findUnknown(search(answers).search)).map(({ id }) => id)).toEqual(["rtb-1"]);
  });
});
