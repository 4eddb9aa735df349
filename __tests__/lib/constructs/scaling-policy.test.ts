import { jsonencoded, resources, synth } from "../synth";

/** The longest that settings allow, in the region with the longest ARNs. */
const CLUSTER = "n".repeat(24);
const REGION = "us-gov-west-1";
const FLEETS = Array.from({ length: 40 }, (_, index) => `fleet-abcdefg-${10 + index}`);
const YAML = [
  `name: ${CLUSTER}\nregion: ${REGION}\nmachines: { imageId: ami-0123456789abcdef0 }`,
  `state: { bucket: ${"s".repeat(63)} }\nresults: { bucket: ${"r".repeat(63)} }`,
  `fleets: { ${FLEETS.map((name) => `${name}: {}`).join(", ")} }`,
].join("\n");

/** What AWS puts in the place of Terraform's references. */
function written(policy: string): string {
  const id = "00000000-0000-0000-0000-000000000000";
  return policy
    .replaceAll(
      /\$\{aws_autoscaling_group\.fleet-([\w-]+)_group\.arn\}/g,
      (_, fleet: string) =>
        `arn:aws-us-gov:autoscaling:${REGION}:123456789012:autoScalingGroup:${id}:autoScalingGroupName/${CLUSTER}-${fleet}-01234567`,
    )
    .replaceAll("${aws_s3_bucket.store_bucket.arn}", `arn:aws-us-gov:s3:::${"b".repeat(60)}`);
}

test("the policies of the master's role fit with as many fleets as there may be", () => {
  const policies = resources(synth(YAML), "aws_iam_role_policy")
    .filter(([, { role }]) => String(role).includes("master-role"))
    .map(([, { policy }]) => written(JSON.stringify(jsonencoded(policy))));
  expect(policies).toHaveLength(2);
  expect(policies.join("")).toContain(`${CLUSTER}-fleet-abcdefg-49-01234567"`);
  expect(policies.join("")).not.toMatch(/\$\{(?!aws:)/);
  expect(policies.join("").length).toBeGreaterThan(9_000);
  // All of a role together (IAM User Guide, "IAM and STS quotas").
  expect(policies.join("").length).toBeLessThanOrEqual(10_240);
});
