import { resultsKeyUse } from "../../../lib/model/results-place";
import { jsonencoded, resource, synth } from "../synth";

const ARN = "${aws_s3_bucket.store_bucket.arn}";
const OWN_RECORD = "nodes/${aws:userid}.json";

const statements = (role: string, config?: string): unknown =>
  (
    jsonencoded(resource(synth(config), `aws_iam_role_policy.${role}_policy`)["policy"]) as {
      Statement: unknown;
    }
  ).Statement;

describe("MachineRole", () => {
  test("the worker's reads environments and bundles, and writes the ledger", () => {
    expect(statements("worker-role")).toEqual([
      { Sid: "Read", Effect: "Allow", Action: "s3:GetObject", Resource: [`${ARN}/env/*`, `${ARN}/bundle/*`] },
      { Sid: "Write", Effect: "Allow", Action: "s3:PutObject", Resource: [`${ARN}/${OWN_RECORD}`] },
      {
        Sid: "List",
        Effect: "Allow",
        Action: "s3:ListBucket",
        Resource: ARN,
        Condition: { StringLike: { "s3:prefix": ["env/*", "bundle/*"] } },
      },
    ]);
  });

  test("the master's may in addition read its secret and write runs", () => {
    expect(statements("master-role")).toEqual([
      {
        Sid: "Read",
        Effect: "Allow",
        Action: "s3:GetObject",
        Resource: [`${ARN}/env/*`, `${ARN}/bundle/*`, `${ARN}/secrets/master.json`],
      },
      {
        Sid: "Write",
        Effect: "Allow",
        Action: "s3:PutObject",
        Resource: [`${ARN}/${OWN_RECORD}`, `${ARN}/runs/*`],
      },
      {
        Sid: "List",
        Effect: "Allow",
        Action: "s3:ListBucket",
        Resource: ARN,
        Condition: {
          StringLike: { "s3:prefix": ["env/*", "bundle/*", "secrets/master.json"] },
        },
      },
    ]);
  });

  test("the master's may with 'results.bucket' write there, by S3 with whatever key encrypts these objects", () => {
    const elsewhere = "locust-cluster/us-east-1/locust/runs/*";
    expect(statements("master-role", "results: { bucket: team }")).toMatchObject([
      { Sid: "Read" },
      {
        Sid: "Write",
        Resource: [`${ARN}/${OWN_RECORD}`, `${ARN}/runs/*`, `arn:aws:s3:::team/${elsewhere}`],
      },
      { Sid: "List" },
      {
        Sid: "EncryptResults",
        Effect: "Allow",
        Action: ["kms:GenerateDataKey", "kms:Decrypt"],
        Resource: "arn:aws:kms:us-east-1:*:key/*",
        Condition: {
          StringEquals: { "kms:ViaService": "s3.us-east-1.amazonaws.com" },
          StringLike: {
            "kms:EncryptionContext:aws:s3:arn": ["arn:aws:s3:::team", `arn:aws:s3:::team/${elsewhere}`],
          },
        },
      },
    ]);
    expect(statements("worker-role", "results: { bucket: team }")).toEqual(statements("worker-role"));
  });

  test("the domain of S3 is another one in China", () => {
    const place = { region: "cn-north-1", cluster: "shop" };
    expect(resultsKeyUse("team", place)).toMatchObject({
      Resource: "arn:aws-cn:kms:cn-north-1:*:key/*",
      Condition: { StringEquals: { "kms:ViaService": "s3.cn-north-1.amazonaws.com.cn" } },
    });
  });

  test.each(["master-role", "worker-role"])("%s is for EC2 only, under a name that AWS completes", (role) => {
    const stack = synth(`name: ${"a".repeat(24)}`);
    const { assume_role_policy, name_prefix } = resource(stack, `aws_iam_role.${role}_role`);
    expect(jsonencoded(assume_role_policy)).toMatchObject({
      Statement: [{ Effect: "Allow", Principal: { Service: "ec2.amazonaws.com" }, Action: "sts:AssumeRole" }],
    });
    // 38 is the provider's limit: it appends 26 characters, and IAM allows 64.
    expect(String(name_prefix).length).toBeLessThanOrEqual(38);
    expect(resource(stack, `aws_iam_instance_profile.${role}_profile`)["role"]).toBe(
      `\${aws_iam_role.${role}_role.name}`,
    );
  });

  test("each machine has the profile of its own role", () => {
    const stack = synth();
    const profile = (address: string): unknown => resource(stack, address)["iam_instance_profile"];
    expect(profile("aws_instance.master_instance")).toBe(
      "${aws_iam_instance_profile.master-role_profile.name}",
    );
    expect(profile("aws_instance.workers_instance")).toBe(
      "${aws_iam_instance_profile.worker-role_profile.name}",
    );
  });
});
