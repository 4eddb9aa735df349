import { jsonencoded, resource, synth } from "../synth";

const ARN = "${aws_s3_bucket.store_bucket.arn}";
const OWN_RECORD = "nodes/${aws:userid}.json";

const statements = (role: string): unknown =>
  (
    jsonencoded(resource(synth(), `aws_iam_role_policy.${role}_policy`)["policy"]) as {
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
