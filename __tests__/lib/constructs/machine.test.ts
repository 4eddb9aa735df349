import { resource, synth, userData } from "../synth";

const MACHINES = ["aws_instance.master_instance", "aws_instance.workers_instance"];

const NEEDED_BY_ALL = [
  "aws_route.network_default-route",
  "aws_vpc_endpoint.network_store-endpoint",
  "aws_s3_bucket_policy.store_policy",
  "aws_s3_object.release_environment-arm64",
  "aws_s3_object.release_bundle",
  "aws_s3_object.release_current",
];
const EDGES: [string, string][] = [
  ...MACHINES.flatMap((machine) => NEEDED_BY_ALL.map((needed): [string, string] => [machine, needed])),
  ["aws_instance.master_instance", "aws_route_table_association.network_master-subnet-routes"],
  ["aws_instance.master_instance", "aws_iam_role_policy.master-role_policy"],
  ["aws_instance.master_instance", "aws_vpc_security_group_egress_rule.firewall_master-to-all"],
  ["aws_instance.master_instance", "aws_s3_object.release_secret"],
  ["aws_instance.workers_instance", "aws_route_table_association.network_worker-subnet-1-routes"],
  ["aws_instance.workers_instance", "aws_route_table_association.network_worker-subnet-2-routes"],
  ["aws_instance.workers_instance", "aws_iam_role_policy.worker-role_policy"],
  ["aws_instance.workers_instance", "aws_vpc_security_group_egress_rule.firewall_workers-to-all"],
];

describe.each(MACHINES)("%s", (address) => {
  const machine = resource(synth(), address);

  test("requires IMDSv2 and reads its tags from the metadata service", () => {
    expect(machine["metadata_options"]).toEqual({
      http_endpoint: "enabled",
      http_tokens: "required",
      instance_metadata_tags: "enabled",
    });
  });

  test("has an encrypted gp3 disk", () => {
    expect(machine["root_block_device"]).toMatchObject({
      volume_type: "gp3",
      volume_size: 10,
      encrypted: true,
    });
  });

  test("admits the cluster's key", () => {
    expect(machine["key_name"]).toBe("${aws_key_pair.access_key-pair.key_name}");
  });

  test("keeps its image when Debian publishes a newer one", () => {
    expect(machine["ami"]).toBe("${data.aws_ssm_parameter.image-arm64_debian.insecure_value}");
    expect(machine["lifecycle"]).toEqual({ ignore_changes: ["ami"] });
  });

  test("is replaced when its user data changes", () => {
    expect(machine["user_data_replace_on_change"]).toBe(true);
    expect(machine).not.toHaveProperty("user_data");
  });

  test("never asks for a public address itself, which would replace it after a stop", () => {
    expect(machine).not.toHaveProperty("associate_public_ip_address");
  });

  test("has user data without anything that Terraform would fill in", () => {
    expect(userData(synth(), address)).toMatch(/^#!\/bin\/bash\nROLE='/);
    expect(JSON.stringify(machine["user_data_base64"])).not.toContain("${");
  });
});

test.each(EDGES)("%s waits for %s", (address, needed) => {
  expect(resource(synth(), address).depends_on).toContain(needed);
});

test("a worker does not wait for the master, nor the master for a worker", () => {
  const stack = synth();
  expect(JSON.stringify(resource(stack, "aws_instance.workers_instance"))).not.toContain("master_instance");
  expect(JSON.stringify(resource(stack, "aws_instance.master_instance"))).not.toContain("workers_");
});

test("a machine asks the bucket in the region of the cluster", () => {
  const yaml = "region: eu-west-1";
  for (const address of MACHINES)
    expect(userData(synth(yaml), address).split("\n")).toEqual(
      expect.arrayContaining(["REGION='eu-west-1'", "BUCKET_REGION='eu-west-1'"]),
    );
});

test("tags tell the machine what is only known at apply", () => {
  expect(resource(synth("name: shop"), "aws_instance.workers_instance")["tags"]).toEqual({
    Name: "shop-${each.key}",
    "locust-cluster-name": "shop",
    "locust-cluster-node": "${each.key}",
    "locust-cluster-role": "worker",
    "locust-cluster-bucket": "${aws_s3_bucket.store_bucket.id}",
    "locust-cluster-state": "local:${terraform_data.identity_state.id}",
    "locust-cluster-role-id": "${aws_iam_role.worker-role_role.unique_id}",
  });
});

describe("user data changes, so that the machine is replaced, with", () => {
  const before = userData(synth(), "aws_instance.workers_instance");

  test.each([
    ["the CPU architecture", "workers: { instanceType: c7i.large }", "ARCHITECTURE='x86_64'"],
    ["the image", "machines: { imageId: ami-0123456789abcdef0 }", "IMAGE='ami-0123456789abcdef0'"],
    ["the Python version", "machines: { pythonVersion: '3.12' }", "PYTHON_VERSION='3.12'"],
  ])("%s", (_what, yaml, line) => {
    const after = userData(synth(yaml), "aws_instance.workers_instance");
    expect(after).not.toBe(before);
    expect(after.split("\n")).toContain(line);
  });

  test.each([
    ["the size of the type", "workers: { instanceType: c7g.4xlarge }"],
    ["the number of workers", "workers: { count: 9 }"],
    ["the test", "locust: { locustfile: other/test.py }"],
    ["the version of Locust", 'locust: { version: "2.48.0" }'],
    ["tags", "tags: { team: a }"],
    ["access", "access: { webCidrs: [], https: true, login: none }"],
    ["another zone", "network: { zones: 3 }"],
  ])("nothing less than that: not with %s", (_what, yaml) => {
    expect(userData(synth(yaml), "aws_instance.workers_instance")).toBe(before);
  });
});

describe("the image", () => {
  const parameters = (yaml: string): unknown[] =>
    Object.values(synth(yaml).data["aws_ssm_parameter"] ?? {}).map((parameter) => parameter["name"]);

  test("is Debian 13 of the machine's architecture", () => {
    expect(parameters("")).toEqual(["/aws/service/debian/release/13/latest/arm64"]);
    expect(parameters("workers: { instanceType: c7i.large }")).toEqual([
      "/aws/service/debian/release/13/latest/arm64",
      "/aws/service/debian/release/13/latest/amd64",
    ]);
  });

  test("is looked up nowhere when it is given", () => {
    const yaml = "machines: { imageId: ami-0123456789abcdef0 }";
    expect(parameters(yaml)).toEqual([]);
    expect(resource(synth(yaml), "aws_instance.master_instance")["ami"]).toBe("ami-0123456789abcdef0");
  });
});
