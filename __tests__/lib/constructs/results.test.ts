import { jsonencoded, resource, resources, synth } from "../synth";

const HOME = "terraform_data.results_home";
const GUARD = "terraform_data.results_guard";

const stack = synth("access: { https: true }");
const others = resources(stack)
  .map(([address]) => address)
  .filter((address) => address !== HOME && address !== GUARD);

interface LocalExec {
  readonly when: string;
  readonly command: string;
  readonly working_dir: string;
}

const execOf = (address: string, yaml = ""): LocalExec => {
  const [provisioner] = resource(synth(yaml), address)["provisioner"] as { "local-exec": LocalExec }[];
  return provisioner!["local-exec"];
};

describe("Results", () => {
  test.each(others)("goes before %s", (address) => {
    expect(resource(stack, HOME).depends_on).toContain(address);
    expect(resource(stack, GUARD).depends_on).toContain(address);
  });

  test("brings the runs home before it looks whether a master may go", () => {
    expect(resource(stack, HOME).depends_on).toContain(GUARD);
    expect(resource(stack, GUARD).depends_on).not.toContain(HOME);
  });

  test("knows master, roles, network and bucket among what comes after it", () => {
    expect(others).toEqual(
      expect.arrayContaining([
        "aws_instance.master_instance",
        "aws_eip_association.master_address-association",
        "aws_instance.workers_instance",
        "aws_iam_role_policy.master-role_policy",
        "aws_iam_instance_profile.master-role_profile",
        "aws_route.network_default-route",
        "aws_vpc_endpoint.network_store-endpoint",
        "aws_vpc_security_group_ingress_rule.firewall_master-web-from-0-0-0-0-0",
        "aws_s3_bucket.store_bucket",
        "aws_s3_object.release_secret",
      ]),
    );
  });

  test.each([HOME, GUARD])("%s runs at destroy, in the project's folder by a relative path", (address) => {
    expect(execOf(address)).toMatchObject({ when: "destroy", working_dir: "../../.." });
    expect(execOf(address)).not.toHaveProperty("on_failure");
  });

  test.each([
    [HOME, ""],
    [GUARD, " --replacing"],
  ])("%s asks the state alone", (address, option) => {
    const yaml = "name: shop\nresults: { bucket: team }";
    expect(execOf(address, yaml).command).toBe(
      `node bin/locust-cluster.js keep${option} --cluster '\${self.input.cluster}' --region '\${self.input.region}' ` +
        "--bucket '${self.input.bucket}' --master '${self.input.master}' --results '${self.input.results}' " +
        "--instance '${try(self.input.instance, \"\")}'",
    );
    expect(resource(synth(yaml), address)["input"]).toEqual({
      cluster: "shop",
      region: "us-east-1",
      bucket: "${aws_s3_bucket.store_bucket.id}",
      master: "http://${aws_eip.master_address.public_ip}:8089",
      results: "team",
      instance: "${aws_instance.master_instance.id}",
    });
  });

  test.each([HOME, GUARD])("%s keeps no secret in the state, which would hide what it says", (address) => {
    expect(JSON.stringify(resource(stack, address)["input"])).not.toMatch(/token|password|tls_private_key/);
  });

  test("brings home again only when the bucket is another", () => {
    expect(resource(stack, HOME)["triggers_replace"]).toEqual({ bucket: "${aws_s3_bucket.store_bucket.id}" });
  });

  test("guards a master that is replaced or resized", () => {
    expect(resource(synth("master: { instanceType: t4g.medium }"), GUARD)["triggers_replace"]).toEqual({
      master: "${aws_instance.master_instance.id}",
      instanceType: "t4g.medium",
    });
  });

  test("is absent when 'results.keepOnDestroy' is false", () => {
    const made = resources(synth("results: { keepOnDestroy: false }"), "terraform_data");
    expect(made.map(([address]) => address)).toEqual([
      "terraform_data.identity_state",
      "terraform_data.preparation_files",
      "terraform_data.zones_chosen",
    ]);
  });
});

describe("'results.bucket'", () => {
  const written = (yaml: string): unknown => {
    const { Statement } = jsonencoded(
      resource(synth(yaml), "aws_iam_role_policy.master-role_policy")["policy"],
    ) as { Statement: { Sid: string; Resource: string[] }[] };
    return Statement.find(({ Sid }) => Sid === "Write")?.Resource;
  };

  test.each([
    ["us-east-1", "aws"],
    ["cn-north-1", "aws-cn"],
    ["us-gov-west-1", "aws-us-gov"],
  ])("in %s may be written by the master, in the cluster's own folder", (region, partition) => {
    const image = "machines: { imageId: ami-0123456789abcdef0 }";
    expect(written(`name: shop\nregion: ${region}\n${image}\nresults: { bucket: team }`)).toEqual([
      "${aws_s3_bucket.store_bucket.arn}/nodes/${aws:userid}.json",
      "${aws_s3_bucket.store_bucket.arn}/runs/*",
      `arn:${partition}:s3:::team/locust-cluster/${region}/shop/runs/*`,
    ]);
  });

  test("is no resource: it is never destroyed", () => {
    const addresses = (yaml: string): string[] => resources(synth(yaml)).map(([address]) => address);
    expect(addresses("results: { bucket: team }")).toEqual(addresses(""));
  });

  test("is looked at by the preflight once more when it changes", () => {
    const triggers = (yaml: string): unknown =>
      resource(synth(yaml), "terraform_data.preparation_files")["triggers_replace"];
    expect(triggers("results: { bucket: team }")).not.toEqual(triggers(""));
  });
});
