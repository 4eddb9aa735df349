import { partitionOf, REGIONS } from "../../../lib/model/region-blocks";
import { jsonencoded, resources, synth } from "../synth";

/** The longest that settings allow. */
const CLUSTER = "n".repeat(24);
const FLEETS = Array.from({ length: 40 }, (_, index) => `fleet-abcdefg-${10 + index}`);
const OPEN = REGIONS.filter((region) => partitionOf(region) === "");

const yaml = (home: string, regionOf: (index: number) => string): string => {
  const fleets = FLEETS.map((name, index) => `${name}: { region: ${regionOf(index)} }`);
  return [
    `name: ${CLUSTER}\nregion: ${home}`,
    `state: { bucket: ${"s".repeat(63)} }\nresults: { bucket: ${"r".repeat(63)} }`,
    `fleets: { ${fleets.join(", ")} }`,
  ].join("\n");
};

/** What AWS puts in the place of Terraform's references. */
function written(policy: string, partition: string, regionOf: (index: number) => string): string {
  const id = "00000000-0000-0000-0000-000000000000";
  return policy
    .replaceAll(
      /\$\{aws_autoscaling_group\.[\w-]*fleet-(fleet-[\w-]+)_group\.arn\}/g,
      (_, fleet: string) =>
        `arn:${partition}:autoscaling:${regionOf(FLEETS.indexOf(fleet))}:123456789012:autoScalingGroup:${id}:autoScalingGroupName/${CLUSTER}-${fleet}-01234567`,
    )
    .replaceAll("${aws_s3_bucket.store_bucket.arn}", `arn:${partition}:s3:::${"b".repeat(60)}`);
}

test.each([
  ["the region with the longest ARNs", "aws-us-gov", "us-gov-west-1", () => "us-gov-west-1"],
  ["all regions", "aws", "ap-southeast-1", (index: number) => OPEN[index % OPEN.length]!],
])(
  "the policies of the master's role fit with as many fleets as there may be, in %s",
  (_, partition, home, regionOf) => {
    const images = home.includes("gov") ? "\nmachines: { imageId: ami-0123456789abcdef0 }" : "";
    const policies = resources(synth(yaml(home, regionOf) + images), "aws_iam_role_policy")
      .filter(([, { role }]) => String(role).includes("master-role"))
      .map(([, { policy }]) => written(JSON.stringify(jsonencoded(policy)), partition, regionOf));
    expect(policies).toHaveLength(2);
    expect(policies.join("")).toContain(`${CLUSTER}-fleet-abcdefg-49-01234567"`);
    expect(policies.join("")).not.toMatch(/\$\{(?!aws:)/);
    expect(policies.join("").length).toBeGreaterThan(9_000);
    // All of a role together (IAM User Guide, "IAM and STS quotas").
    expect(policies.join("").length).toBeLessThanOrEqual(10_240);
  },
);
