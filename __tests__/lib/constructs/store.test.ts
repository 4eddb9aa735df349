import { jsonencoded, resource, resources, synth } from "../synth";

const BUCKET = "${aws_s3_bucket.store_bucket.id}";

describe("Store", () => {
  test("is named after the cluster and its state, and leaves with it", () => {
    expect(resource(synth("name: shop"), "aws_s3_bucket.store_bucket")).toMatchObject({
      bucket_prefix: 'shop-${substr(sha256(join("", ["local:", terraform_data.identity_state.id])), 0, 8)}-',
      force_destroy: true,
    });
  });

  test("keeps the name that it was made with", () => {
    expect(resource(synth(), "aws_s3_bucket.store_bucket")["lifecycle"]).toEqual({
      ignore_changes: ["bucket_prefix"],
    });
  });

  test("is private", () => {
    expect(resource(synth(), "aws_s3_bucket_public_access_block.store_privacy")).toMatchObject({
      bucket: BUCKET,
      block_public_acls: true,
      block_public_policy: true,
      ignore_public_acls: true,
      restrict_public_buckets: true,
    });
  });

  test("is refused to everyone over plain HTTP", () => {
    const policy = resource(synth(), "aws_s3_bucket_policy.store_policy");
    expect(policy["bucket"]).toBe(BUCKET);
    expect(jsonencoded(policy["policy"])).toEqual({
      Version: "2012-10-17",
      Statement: [
        {
          Sid: "TlsOnly",
          Effect: "Deny",
          Principal: "*",
          Action: "s3:*",
          Resource: ["${aws_s3_bucket.store_bucket.arn}", "${aws_s3_bucket.store_bucket.arn}/*"],
          Condition: { Bool: { "aws:SecureTransport": "false" } },
        },
      ],
    });
  });

  test("configures its bucket one call after the other, because S3 refuses calls that meet", () => {
    const stack = synth();
    const settings = Object.keys(stack.resource)
      .filter((type) => type.startsWith("aws_s3_bucket_"))
      .flatMap((type) => resources(stack, type))
      .filter(([, { bucket }]) => bucket === BUCKET);
    expect(settings.length).toBeGreaterThan(1);
    const addresses = settings.map(([address]) => address);
    const first = settings.filter(([, { depends_on }]) => !depends_on?.some((on) => addresses.includes(on)));
    expect(first).toHaveLength(1);
    const predecessors = settings.flatMap(([, { depends_on = [] }]) =>
      depends_on.filter((on) => addresses.includes(on)),
    );
    expect(new Set(predecessors).size).toBe(settings.length - 1);
  });

  test("keeps no versions", () => {
    expect(resources(synth(), "aws_s3_bucket_versioning")).toEqual([]);
  });

  test("has no lifecycle rule, for which every first deploy would wait a minute", () => {
    expect(resources(synth(), "aws_s3_bucket_lifecycle_configuration")).toEqual([]);
  });
});
