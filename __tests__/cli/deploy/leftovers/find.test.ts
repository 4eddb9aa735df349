import { describeLeftover, EC2_KINDS, findUnknown } from "../../../../cli/deploy/leftovers/find";
import type { Search } from "../../../../cli/deploy/leftovers/kind";
import { explainUnseen } from "../../../../cli/deploy/leftovers/look";
import { bucketPrefix } from "../../../../lib/model/state-mark";
import { MARK, search, toTags } from "./stub-account";

const machines = (...tags: Readonly<Record<string, string>>[]) => ({
  DescribeInstances: {
    Reservations: [
      { Instances: tags.map((each, index) => ({ InstanceId: `i-${index}`, Tags: toTags(each) })) },
    ],
  },
});

/** What S3 answers to HeadBucket, by its HTTP status. */
const headBucket = (status: number, headers: Readonly<Record<string, string>> = {}) => ({
  HeadBucket: () => {
    if (status === 200) return {};
    throw Object.assign(new Error("no"), { $metadata: { httpStatusCode: status }, $response: { headers } });
  },
});

/** As EC2 and IAM refuse a call. */
const denied = (action: string) => () => {
  const message = `User: arn:aws:iam::123456789012:user/ci is not authorized to perform: ${action} on resource: *`;
  throw Object.assign(new Error(message), { name: "AccessDenied", $metadata: { httpStatusCode: 403 } });
};

async function idsIn(made: Search): Promise<string[]> {
  return (await findUnknown(made)).leftovers.map(({ id }) => id);
}

describe("a machine of the cluster's name", () => {
  const idsOf = async (
    tags: Readonly<Record<string, string>>,
    status = 200,
    knowledge: Partial<Search["knowledge"]> = {},
  ): Promise<string[]> => {
    const made = search({ ...machines(tags), ...headBucket(status) }, knowledge);
    return idsIn(made.search);
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

  test("is somebody else's when S3 says with 400 that its bucket is in another region", async () => {
    const answers = {
      ...machines({ "locust-cluster-bucket": "shop-other" }),
      ...headBucket(400, { "x-amz-bucket-region": "eu-west-1" }),
    };
    await expect(idsIn(search(answers).search)).resolves.toEqual([]);
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
    expect((await findUnknown(made)).leftovers.map(describeLeftover)).toEqual([
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
    expect(await idsIn(known.search)).toEqual(["rtbassoc-1", "rtb-1 0.0.0.0/0"]);
    expect(await idsIn(search(answers).search)).toEqual(["rtb-1"]);
  });

  test("still finds what it may look at when a call is refused, and names the rest", async () => {
    const { search: made } = search({
      ...machines({ "locust-cluster-state": MARK }),
      DescribeVpcEndpoints: denied("ec2:DescribeVpcEndpoints"),
      ListBuckets: denied("s3:ListAllMyBuckets"),
    });
    const { leftovers, unseen } = await findUnknown(made);
    expect(leftovers.map(describeLeftover)).toEqual(["instance i-0"]);
    expect(explainUnseen(unseen)).toBe(
      "could not check for VPC endpoints, buckets left by a killed deploy: permission is missing (ec2:DescribeVpcEndpoints, s3:ListAllMyBuckets)",
    );
  });

  test("still finds this cluster's role when it may not see whose another one is", async () => {
    const { search: made } = search({
      ListRoles: { Roles: [{ RoleName: "shop-master-role-1" }, { RoleName: "shop-master-role-2" }] },
      GetRole: ({ RoleName }: { RoleName: string }) =>
        RoleName.endsWith("1")
          ? denied("iam:GetRole")()
          : { Role: { Tags: toTags({ "locust-cluster-state": MARK }) } },
    });
    const { leftovers, unseen } = await findUnknown(made);
    expect(leftovers.map(describeLeftover)).toEqual(["role shop-master-role-2"]);
    expect(unseen.map(({ what }) => what)).toEqual(["role shop-master-role-1"]);
  });

  test("fails when AWS fails of something else than permission", async () => {
    const fails = () => {
      throw Object.assign(new Error("expired"), { name: "ExpiredToken", $metadata: { httpStatusCode: 403 } });
    };
    await expect(findUnknown(search({ DescribeVpcs: fails }).search)).rejects.toThrow("expired");
  });

  test("asks IAM for the tags of ten roles at a time, of those that are called like a machine's only", async () => {
    let [open, most] = [0, 0];
    const names = Array.from({ length: 25 }, (_, index) => `shop-worker-role-${index}`);
    const { search: made, asked } = search({
      ListRoles: { Roles: [...names, "shop-api", "shop-role"].map((RoleName) => ({ RoleName })) },
      GetRole: async () => {
        most = Math.max(most, (open += 1));
        await new Promise(setImmediate);
        open -= 1;
        return {};
      },
    });
    await findUnknown(made);
    expect(asked.filter((name) => name === "GetRole")).toHaveLength(25);
    expect(most).toBe(10);
  });

  test("asks EC2 only, when only what EC2 has is looked for", async () => {
    const { search: made, asked } = search({});
    await findUnknown(made, EC2_KINDS);
    expect(asked.filter((name) => !name.startsWith("Describe"))).toEqual([]);
  });
});
