import { resource, resources, type Resource, synth, userData } from "../synth";

const CLUSTER = "name: shop\naccess: { sshCidrs: [203.0.113.7/32] }\n";
const YAML = `${CLUSTER}fleets: { eu: { region: eu-central-1 }, more: { region: eu-central-1, instanceTypes: [c7i.large, m7i.large] }, west: { region: us-west-2 } }`;
const stack = synth(YAML);
const away = "region-eu-central-1";

const of = (type: string, name: string): Resource => resource(stack, `${type}.${name}`);
const typesIn = (place: string): string[] =>
  resources(stack)
    .map(([address]) => address)
    .filter((address) => address.split(".")[1]!.startsWith(`${place}_`))
    .sort();

describe("FleetRegion", () => {
  test("has what its fleets share, once, and these", () => {
    expect(typesIn(away)).toEqual([
      `aws_autoscaling_group.${away}_fleet-eu_group`,
      `aws_autoscaling_group.${away}_fleet-more_group`,
      `aws_internet_gateway.${away}_network_internet`,
      `aws_key_pair.${away}_key-pair`,
      `aws_launch_template.${away}_fleet-eu_machines_template`,
      `aws_launch_template.${away}_fleet-more_machines_template`,
      `aws_route.${away}_network_default-route`,
      `aws_route_table.${away}_network_routes`,
      `aws_route_table_association.${away}_network_worker-subnet-1-routes`,
      `aws_route_table_association.${away}_network_worker-subnet-2-routes`,
      `aws_security_group.${away}_firewall_workers`,
      `aws_subnet.${away}_network_worker-subnet-1`,
      `aws_subnet.${away}_network_worker-subnet-2`,
      `aws_vpc.${away}_network_vpc`,
      `aws_vpc_security_group_egress_rule.${away}_firewall_workers-to-all`,
      `aws_vpc_security_group_ingress_rule.${away}_firewall_workers-ssh-from-203-0-113-7-32`,
      `terraform_data.${away}_fleet-eu_place`,
      `terraform_data.${away}_fleet-eu_subnets_chosen`,
      `terraform_data.${away}_fleet-more_place`,
      `terraform_data.${away}_fleet-more_subnets_chosen`,
      `terraform_data.${away}_zones_chosen`,
    ]);
  });

  test("adds beside it the peering, the port of the master and its policy, and changes nothing else at home", () => {
    const home = (yaml: string) =>
      resources(synth(yaml)).filter(([address]) => !/\.region-|results_|release_/.test(address));
    const before = home(CLUSTER);
    const addresses = before.map(([address]) => address);
    // Another architecture would be another environment in the bucket.
    const after = home(YAML.replace("[c7i.large, m7i.large]", "[c7g.large, m7g.large]"));
    expect(after.map(([address]) => address).filter((each) => !addresses.includes(each))).toEqual(
      expect.arrayContaining([
        "aws_vpc_peering_connection.peering-eu-central-1_connection",
        "aws_vpc_peering_connection.peering-us-west-2_connection",
        "aws_vpc_security_group_ingress_rule.firewall_master-workers-from-10-97-0-0-16",
        "aws_vpc_security_group_ingress_rule.firewall_master-workers-from-10-118-0-0-16",
        "aws_iam_role_policy.scaling_policy",
      ]),
    );
    const preflight = "terraform_data.preparation_files";
    const kept = after.filter(([address]) => addresses.includes(address) && address !== preflight);
    expect(kept).toEqual(before.filter(([address]) => address !== preflight));
  });

  test("is where its provider works, with everything, and the rest is where the cluster is", () => {
    const all = [stack.resource, stack.data].flatMap((types) =>
      Object.entries(types).flatMap(([type, byName]) =>
        type.startsWith("aws_") ? Object.entries(byName) : [],
      ),
    );
    for (const [name, { provider }] of all) {
      const [, region] = /^region-([a-z0-9-]+?)_/.exec(name) ?? [];
      const isOther = /^peering-.*_(?:accepter|route-back)$/.test(name);
      const other = /^peering-([a-z0-9-]+)_/.exec(name)?.[1];
      const expected = region ?? (isOther ? other : undefined);
      expect([name, provider]).toEqual([name, expected && `aws.${expected}`]);
    }
  });

  test("is the same for 500 machines as for one, but for the size of the group", () => {
    const of = (max: number) =>
      resources(synth(`${CLUSTER}fleets: { eu: { region: eu-central-1, max: ${max} } }`));
    const [one, many] = [of(1), of(500)];
    const changed = many.filter((each, index) => JSON.stringify(each) !== JSON.stringify(one[index]));
    expect(many.map(([address]) => address)).toEqual(one.map(([address]) => address));
    expect(changed.map(([address]) => address)).toEqual([
      `aws_autoscaling_group.${away}_fleet-eu_group`,
      "aws_s3_object.release_current",
    ]);
  });

  test("is the same whether or not another region has fleets", () => {
    const alone = synth(`${CLUSTER}fleets: { west: { region: us-west-2 } }`);
    const west = (each: typeof stack) => resources(each).filter(([address]) => address.includes("us-west-2"));
    const apart = (each: typeof stack) =>
      JSON.stringify(west(each)).replace(/"aws_s3_object[^"]*"|"depends_on":\[[^\]]*\]/g, "");
    expect(apart(alone)).toBe(apart(stack));
  });

  test("has machines that know the master's address, their own region and that of the bucket", () => {
    const script = Buffer.from(
      String(of("aws_launch_template", `${away}_fleet-eu_machines_template`)["user_data"]),
      "base64",
    ).toString();
    expect(script).toContain("\nREGION='eu-central-1'\nBUCKET_REGION='us-east-1'\n");
    expect(script).toContain("\nMASTER_HOST='10.77.0.4'\n");
    // Otherwise as a worker at home.
    const home = userData(stack, "aws_instance.workers_instance");
    expect(script.replace("REGION='eu-central-1'", "REGION='us-east-1'")).toBe(home);
  });

  test("has machines with the cluster's key, and their own image, group and subnets", () => {
    expect(of("aws_key_pair", `${away}_key-pair`)).toMatchObject({
      key_name_prefix: "shop-",
      public_key: "${tls_private_key.access_ssh-key.public_key_openssh}",
    });
    expect(of("aws_launch_template", `${away}_fleet-more_machines_template`)).toMatchObject({
      image_id: `\${data.aws_ssm_parameter.${away}_image-x86-64_debian.insecure_value}`,
      key_name: `\${aws_key_pair.${away}_key-pair.key_name}`,
      vpc_security_group_ids: [`\${aws_security_group.${away}_firewall_workers.id}`],
      iam_instance_profile: { arn: "${aws_iam_instance_profile.worker-role_profile.arn}" },
    });
    expect(of("terraform_data", `${away}_fleet-eu_subnets_chosen`)["input"]).toEqual({
      ids: expect.stringContaining(`aws_subnet.${away}_network_worker-subnet-2`) as string,
    });
    expect(of("aws_vpc", `${away}_network_vpc`)["cidr_block"]).toBe("10.97.0.0/16");
  });

  test("takes the image that the settings name there", () => {
    const yaml = `${CLUSTER}machines: { imageId: ami-01234567 }\nregions: { us-west-2: { imageId: ami-76543210 } }\nfleets: { west: { region: us-west-2 } }`;
    expect(
      resource(synth(yaml), "aws_launch_template.region-us-west-2_fleet-west_machines_template")["image_id"],
    ).toBe("ami-76543210");
  });

  test("has no endpoint of S3, which serves its own region only", () => {
    expect(Object.keys(stack.resource["aws_vpc_endpoint"] ?? {})).toEqual(["network_store-endpoint"]);
  });

  test("creates nothing before the preflight, and writes down its zones before all else", () => {
    expect(of("aws_vpc", `${away}_network_vpc`).depends_on).toEqual([
      "terraform_data.preparation_files",
      `terraform_data.${away}_zones_chosen`,
    ]);
    const contents = (yaml: string) =>
      (resource(synth(yaml), "terraform_data.preparation_files")["triggers_replace"] as { contents: string })
        .contents;
    expect(contents(YAML)).toMatch(/ eu-central-1 us-west-2$/);
    expect(contents(CLUSTER)).not.toMatch(/-\d( |$)/);
    // The preflight looks whether it is there.
    const named = `${YAML}\nregions: { us-west-2: { imageId: ami-76543210 } }`;
    expect(contents(named)).toMatch(/ eu-central-1 us-west-2 ami-76543210$/);
  });
});

describe("Peering", () => {
  const connection = "${aws_vpc_peering_connection.peering-eu-central-1_connection.id}";
  const accepter = "aws_vpc_peering_connection_accepter.peering-eu-central-1_accepter";

  test("is asked for at home and accepted in the region", () => {
    expect(of("aws_vpc_peering_connection", "peering-eu-central-1_connection")).toMatchObject({
      vpc_id: "${aws_vpc.network_vpc.id}",
      peer_vpc_id: `\${aws_vpc.${away}_network_vpc.id}`,
      peer_region: "eu-central-1",
      tags: { Name: "shop-eu-central-1", "locust-cluster-state": expect.any(String) as string },
    });
    expect(resource(stack, accepter)).toMatchObject({
      vpc_peering_connection_id: connection,
      auto_accept: true,
      tags: { Name: "shop-eu-central-1", "locust-cluster-state": expect.any(String) as string },
    });
  });

  test("has a route on both sides, once it is accepted", () => {
    expect(of("aws_route", "peering-eu-central-1_route-there")).toMatchObject({
      route_table_id: "${aws_route_table.network_routes.id}",
      destination_cidr_block: `\${aws_vpc.${away}_network_vpc.cidr_block}`,
      vpc_peering_connection_id: connection,
      depends_on: [accepter],
    });
    expect(of("aws_route", "peering-eu-central-1_route-back")).toMatchObject({
      route_table_id: `\${aws_route_table.${away}_network_routes.id}`,
      destination_cidr_block: "${aws_vpc.network_vpc.cidr_block}",
      vpc_peering_connection_id: connection,
      depends_on: [accepter],
    });
  });

  test.each([
    accepter,
    "aws_route.peering-eu-central-1_route-there",
    "aws_route.peering-eu-central-1_route-back",
    `aws_route.${away}_network_default-route`,
    `aws_route_table_association.${away}_network_worker-subnet-1-routes`,
    `aws_vpc_security_group_egress_rule.${away}_firewall_workers-to-all`,
    "aws_vpc_security_group_ingress_rule.firewall_master-workers-from-10-97-0-0-16",
  ])("lets groups start machines after %s, and be gone before it", (needed) => {
    expect(of("aws_autoscaling_group", `${away}_fleet-eu_group`).depends_on).toContain(needed);
  });
});

describe("FleetZones", () => {
  const place = `terraform_data.${away}_zones_chosen`;
  const offers = (type: string) =>
    `data.aws_ec2_instance_type_offerings.${away}_zones_offers-${type}.locations`;

  test("are those of the region in which a fleet finds its types, those of all fleets first", () => {
    const [eu, more] = [
      `setintersection(${offers("c7g-large")})`,
      `setintersection(${offers("c7i-large")}, ${offers("m7i-large")})`,
    ];
    const all = `setintersection(${offers("c7g-large")}, ${offers("c7i-large")}, ${offers("m7i-large")})`;
    const names = `[for zone in distinct(concat(sort(${all}), sort(setunion(${eu}, ${more})))) : zone if can(regex("^eu-central-1[a-z]$", zone))]`;
    expect(resource(stack, place)).toMatchObject({
      input: { names: `\${${names}}` },
      lifecycle: {
        ignore_changes: ["input"],
        precondition: [
          {
            condition: `\${length(${names}) > 0}`,
            error_message:
              "no availability zone of eu-central-1 offers the instance types of a fleet: change 'fleets.<name>.instanceTypes', or its region.",
          },
        ],
      },
    });
  });

  test("may be fewer than subnets", () => {
    expect(of("aws_subnet", `${away}_network_worker-subnet-2`)["availability_zone"]).toBe(
      `\${try(${place}.output.names[1 % length(${place}.output.names)], "none")}`,
    );
  });
});
