import { jsonencoded, resource, resources, type Resource, synth } from "../synth";

const MARK = "local:${terraform_data.identity_state.id}";
const DIGITS = '${substr(sha256(join("", ["local:", terraform_data.identity_state.id])), 0, 8)}';
const CLUSTER = "name: shop\ntags: { team: load }\n";
const fleet = (settings = "", more = ""): string => `${CLUSTER}${more}fleets: { eu: { ${settings} } }`;

const group = (yaml = fleet()): Resource => resource(synth(yaml), "aws_autoscaling_group.fleet-eu_group");
const template = (yaml = fleet()): Resource =>
  resource(synth(yaml), "aws_launch_template.fleet-eu_machines_template");

describe("Fleet", () => {
  test("adds a template, a group, its subnets and the master's policy, and changes only what the machines run", () => {
    const before = resources(synth(CLUSTER));
    const after = resources(synth(fleet()));
    const added = after.filter(([address]) => !before.some(([each]) => each === address));
    expect(added.map(([address]) => address).sort()).toEqual([
      "aws_autoscaling_group.fleet-eu_group",
      "aws_iam_role_policy.scaling_policy",
      "aws_launch_template.fleet-eu_machines_template",
      "terraform_data.fleet-eu_place",
      "terraform_data.fleet-eu_subnets_chosen",
    ]);
    const manifest = "aws_s3_object.release_current";
    // Results depends on everything. The environment also describes Auto Scaling.
    const others = (all: [string, Resource][]) => {
      const environment = /env\/([0-9a-f]{20})\.tar\.gz/.exec(JSON.stringify(all))![1]!;
      const left = all.filter(
        (each) => !added.includes(each) && each[0] !== manifest && !each[0].includes("results_"),
      );
      return { environment, left: JSON.stringify(left, null, 1).replaceAll(environment, "environment") };
    };
    expect(others(after).left).toBe(others(before).left);
    expect(others(after).environment).not.toBe(others(before).environment);
  });

  test("is the same for one machine and for hundreds, but for the group's maximum", () => {
    const [one, many] = [fleet("max: 1"), fleet("size: 500, max: 500")].map((yaml) =>
      resources(synth(yaml)).filter(([address]) => address !== "aws_s3_object.release_current"),
    );
    const without = (all: typeof one) =>
      all?.map(([address, attributes]) => [address, { ...attributes, max_size: "any" }]);
    expect(without(many)).toEqual(without(one));
  });

  test("leaves the capacity to the master", () => {
    const eu = group(fleet("size: 3, max: 20"));
    expect(eu).toMatchObject({ min_size: 0, max_size: 20, wait_for_capacity_timeout: "0" });
    expect(eu).not.toHaveProperty("desired_capacity");
    expect(eu["lifecycle"]).toMatchObject({ ignore_changes: ["desired_capacity"] });
  });

  test("is replaced when a subnet goes in which its machines may be", () => {
    const place = "terraform_data.fleet-eu_place";
    expect(group()["lifecycle"]).toMatchObject({ replace_triggered_by: [place] });
    const zones = (yaml: string): Resource => resource(synth(yaml), place);
    expect(zones(fleet())["input"]).toEqual({ zones: "2", vpc: "${aws_vpc.network_vpc.id}" });
    expect(zones(fleet("", "network: { zones: 3 }\n"))["input"]).toMatchObject({ zones: "3" });
  });

  test("ends no healthy machine, and drains before it goes", () => {
    expect(group()).toMatchObject({
      suspended_processes: ["AZRebalance"],
      capacity_rebalance: false,
      termination_policies: ["OldestLaunchTemplate", "Default"],
      timeouts: { delete: "20m" },
    });
    expect(group()).not.toHaveProperty("force_delete");
  });

  test.each([
    ["false", 100],
    ["true", 0],
  ])("with spot %s has %i percent on demand, of its types in their order", (spot, percent) => {
    const types = ["m7g.large", "c7g.large", "c6g.large"];
    const eu = group(fleet(`spot: ${spot}, instanceTypes: [${types.join(", ")}]`));
    expect(eu["mixed_instances_policy"]).toEqual({
      instances_distribution: {
        on_demand_base_capacity: 0,
        on_demand_percentage_above_base_capacity: percent,
        on_demand_allocation_strategy: "prioritized",
        spot_allocation_strategy: "price-capacity-optimized",
      },
      launch_template: {
        launch_template_specification: {
          launch_template_id: "${aws_launch_template.fleet-eu_machines_template.id}",
          version: "${aws_launch_template.fleet-eu_machines_template.latest_version}",
        },
        override: types.map((instance_type) => ({ instance_type })),
      },
    });
  });

  test("has a name that no other state's fleet has, and all tags of the cluster on the group itself", () => {
    expect(group()["name"]).toBe(`shop-eu-${DIGITS}`);
    expect(group()["tag"]).toEqual(
      Object.entries({
        team: "load",
        "locust-cluster-name": "shop",
        "locust-cluster-state": MARK,
        "locust-cluster-fleet": "eu",
        Name: "shop-eu",
      }).map(([key, value]) => ({ key, value, propagate_at_launch: false })),
    );
  });

  test("knows its name at synthesis where the state lies in a bucket", () => {
    expect(group(fleet("", "state: { bucket: states }\n"))["name"]).toMatch(/^shop-eu-[0-9a-f]{8}$/);
  });

  test.each([
    "aws_route.network_default-route",
    "aws_route_table_association.network_worker-subnet-2-routes",
    "aws_iam_role_policy.worker-role_policy",
    "aws_s3_object.release_current",
    "aws_vpc_security_group_egress_rule.firewall_workers-to-all",
  ])("starts machines after %s, and is gone before it", (needed) => {
    expect(group().depends_on).toContain(needed);
  });

  test("lives in the cluster's subnets whose zones offer all its types", () => {
    const yaml = fleet("instanceTypes: [c7g.large, c6g.large]");
    const offers = ["c7g", "c6g"].map(
      (family) => `data.aws_ec2_instance_type_offerings.fleet-eu_subnets_offers-${family}-large.locations`,
    );
    const subnets = [1, 2].map((number) => `aws_subnet.network_worker-subnet-${number}`);
    const offered = `[for subnet in [${subnets.join(", ")}] : subnet.id if contains(setintersection(${offers.join(", ")}), subnet.availability_zone)]`;
    expect(group(yaml)["vpc_zone_identifier"]).toBe("${terraform_data.fleet-eu_subnets_chosen.output.ids}");
    expect(resource(synth(yaml), "terraform_data.fleet-eu_subnets_chosen")).toEqual({
      input: { ids: `\${${offered}}` },
      lifecycle: {
        precondition: [
          {
            condition: `\${length(${offered}) > 0}`,
            error_message:
              "no availability zone of this cluster offers c7g.large and c6g.large: change 'fleets.eu.instanceTypes'.",
          },
        ],
      },
    });
  });
});

describe("MachineTemplate", () => {
  const worker = resource(synth(CLUSTER), "aws_instance.workers_instance");

  test("starts machines with what a worker has", () => {
    const eu = template();
    expect(eu).toMatchObject({
      image_id: worker["ami"],
      key_name: worker["key_name"],
      vpc_security_group_ids: worker["vpc_security_group_ids"],
      metadata_options: worker["metadata_options"],
      user_data: worker["user_data_base64"],
    });
    expect(eu["iam_instance_profile"]).toEqual({
      arn: "${aws_iam_instance_profile.worker-role_profile.arn}",
    });
    expect(eu["block_device_mappings"]).toEqual([
      {
        device_name: "${data.aws_ami.image-arm64_details.root_device_name}",
        ebs: { volume_type: "gp3", volume_size: 10, encrypted: "true", delete_on_termination: "true" },
      },
    ]);
  });

  test("names a type of the fleet, so that AWS can check it alone", () => {
    expect(template(fleet("instanceTypes: [m7g.large, c7g.large]"))["instance_type"]).toBe("m7g.large");
  });

  test.each(["spot: false", "spot: true"])("with %s tags all that is made with it", (settings) => {
    const specifications = template(fleet(settings))["tag_specifications"] as {
      resource_type: string;
      tags: object;
    }[];
    const tags = {
      Name: "shop-eu",
      team: "load",
      "locust-cluster-name": "shop",
      "locust-cluster-state": MARK,
      "locust-cluster-fleet": "eu",
    };
    expect(specifications.map(({ resource_type }) => resource_type)).toEqual([
      "instance",
      "volume",
      "network-interface",
    ]);
    expect(specifications[0]?.tags).toEqual({
      ...tags,
      "locust-cluster-role": "worker",
      "locust-cluster-bucket": "${aws_s3_bucket.store_bucket.id}",
      "locust-cluster-role-id": "${aws_iam_role.worker-role_role.unique_id}",
    });
    for (const each of specifications.slice(1)) expect(each.tags).toEqual(tags);
  });

  test("of another architecture has its own image and environment, once for all fleets", () => {
    const yaml = `${CLUSTER}fleets: { eu: { instanceTypes: [c7i.large] }, us: { instanceTypes: [m7i.large] } }`;
    const stack = synth(yaml);
    expect(template(yaml)["image_id"]).toBe("${data.aws_ssm_parameter.image-x86-64_debian.insecure_value}");
    expect(Object.keys(stack.data["aws_ami"] ?? {})).toEqual(["image-x86-64_details"]);
    expect(stack.resource["aws_s3_object"]).toHaveProperty("release_environment-x86-64");
  });
});

describe("ScalingPolicy", () => {
  test("lets the master scale this cluster's groups, and see those of the region", () => {
    const stack = synth(`${CLUSTER}fleets: { eu: {}, us: {} }`);
    const { role, policy } = resource(stack, "aws_iam_role_policy.scaling_policy");
    expect(role).toBe("${aws_iam_role.master-role_role.id}");
    expect(jsonencoded(policy)).toEqual({
      Version: "2012-10-17",
      Statement: [
        {
          Sid: "Scale",
          Effect: "Allow",
          Action: [
            "autoscaling:SetDesiredCapacity",
            "autoscaling:PutScheduledUpdateGroupAction",
            "autoscaling:DeleteScheduledAction",
          ],
          Resource: [
            "${aws_autoscaling_group.fleet-eu_group.arn}",
            "${aws_autoscaling_group.fleet-us_group.arn}",
          ],
          Condition: { StringEquals: { "aws:ResourceTag/locust-cluster-state": MARK } },
        },
        {
          Sid: "SeeFleets",
          Effect: "Allow",
          Action: [
            "autoscaling:DescribeAutoScalingGroups",
            "autoscaling:DescribeScalingActivities",
            "autoscaling:DescribeScheduledActions",
          ],
          Resource: "*",
          Condition: { StringEquals: { "aws:RequestedRegion": "us-east-1" } },
        },
      ],
    });
  });

  test("names all regions of the fleets, and their groups", () => {
    const stack = synth(`${CLUSTER}fleets: { a: {}, b: { region: eu-west-1 } }`);
    const { Statement } = jsonencoded(resource(stack, "aws_iam_role_policy.scaling_policy")["policy"]) as {
      Statement: readonly { Resource: unknown; Condition: { StringEquals: Record<string, unknown> } }[];
    };
    expect(Statement[0]!.Resource).toEqual([
      "${aws_autoscaling_group.fleet-a_group.arn}",
      "${aws_autoscaling_group.region-eu-west-1_fleet-b_group.arn}",
    ]);
    expect(Statement[1]!.Condition.StringEquals["aws:RequestedRegion"]).toEqual(["eu-west-1", "us-east-1"]);
  });

  test("is not there without fleets", () => {
    expect(synth(CLUSTER).resource["aws_iam_role_policy"]).not.toHaveProperty("scaling_policy");
    expect(synth(CLUSTER).resource).not.toHaveProperty("aws_autoscaling_group");
  });
});
