import { bucketPrefix, rolePrefixes } from "../../../lib/model/state-mark";
import { resource, resources, type Synthesized, synth } from "../synth";

const TAG = "locust-cluster-state";
const LOCATION = "s3://team-states/locust-cluster/us-east-1/shop.tfstate";
const inS3 = () => synth("name: shop\nstate: { bucket: team-states }");

/** What AWS cannot tag, what takes ten tags at most, and what is not in AWS. */
const UNTAGGED =
  /^(aws_eip_association|aws_iam_role_policy|aws_route|aws_route_table_association|aws_s3_(bucket_.+|object)|random_.+|terraform_data|tls_.+)\./;

/** Value of the tag, by address, of everything else; a missing tag is `undefined`. */
function marks(stack: Synthesized): Map<string, unknown> {
  const taggable = resources(stack).filter(([address]) => !UNTAGGED.test(address));
  return new Map(
    taggable.map(([address, { tags }]) => [address, (tags as Record<string, unknown> | undefined)?.[TAG]]),
  );
}

describe("Identity", () => {
  test("marks all that can be tagged with the id of a local state", () => {
    const found = marks(synth("name: shop"));
    expect(new Set(found.values())).toEqual(new Set(["local:${terraform_data.identity_state.id}"]));
    const types = new Set([...found.keys()].map((address) => address.split(".")[0]));
    expect([...types].sort()).toEqual([
      "aws_eip",
      "aws_iam_instance_profile",
      "aws_iam_role",
      "aws_instance",
      "aws_internet_gateway",
      "aws_key_pair",
      "aws_route_table",
      "aws_s3_bucket",
      "aws_security_group",
      "aws_subnet",
      "aws_vpc",
      "aws_vpc_endpoint",
      "aws_vpc_security_group_egress_rule",
      "aws_vpc_security_group_ingress_rule",
    ]);
  });

  test("keeps what a resource is tagged with besides", () => {
    expect(resource(synth("name: shop"), "aws_vpc.network_vpc")["tags"]).toMatchObject({ Name: "shop" });
  });

  test("gives a local state an id that nothing ever replaces, once the preflight is passed", () => {
    expect(resource(synth(), "terraform_data.identity_state")).toEqual({
      depends_on: ["terraform_data.preparation_files"],
    });
  });

  test("marks with the place of a state in S3, which is known even when nothing was written there", () => {
    expect(new Set(marks(inS3()).values())).toEqual(new Set([LOCATION]));
    expect(inS3().terraform.backend["s3"]).toMatchObject({
      bucket: "team-states",
      key: "locust-cluster/us-east-1/shop.tfstate",
    });
    expect(inS3().resource["terraform_data"]).not.toHaveProperty("identity_state");
  });

  test("begins the bucket's name with the name and a hash of the mark", () => {
    expect(resource(inS3(), "aws_s3_bucket.store_bucket")["bucket_prefix"]).toBe(
      bucketPrefix("shop", LOCATION),
    );
    expect(bucketPrefix("shop", "local:0")).toBe("shop-adb9c1d4-");
  });

  test("knows how the names of all roles and instance profiles begin", () => {
    const named = resources(inS3()).filter(([address]) => /^aws_iam_(role|instance_profile)\./.test(address));
    const prefixes = named.map(([, attributes]) => attributes["name_prefix"]);
    expect(new Set(prefixes)).toEqual(new Set(rolePrefixes("shop")));
  });

  test("leaves Terraform room for its part of the bucket's name", () => {
    expect(bucketPrefix("a".repeat(24), LOCATION).length).toBeLessThanOrEqual(37);
  });
});
