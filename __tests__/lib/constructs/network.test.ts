import { resource, resources, synth } from "../synth";

describe("Network", () => {
  test("is a VPC of the cluster's own", () => {
    const stack = synth("name: shop\nnetwork: { cidr: 10.9.0.0/16 }");
    expect(resource(stack, "aws_vpc.network_vpc")).toMatchObject({
      cidr_block: "10.9.0.0/16",
      enable_dns_hostnames: true,
      tags: { Name: "shop" },
    });
  });

  test("has a /28 for the master and a subnet for the workers of each zone", () => {
    const subnets = resources(synth("network: { zones: 3 }"), "aws_subnet").map(([, subnet]) => subnet);
    const zone = (index: number): string =>
      `\${try(terraform_data.zones_chosen.output.names[${index}], "none")}`;
    expect(subnets).toMatchObject([
      { cidr_block: "10.77.0.0/28", availability_zone: zone(0) },
      { cidr_block: "10.77.32.0/19", availability_zone: zone(0), map_public_ip_on_launch: true },
      { cidr_block: "10.77.64.0/19", availability_zone: zone(1), map_public_ip_on_launch: true },
      { cidr_block: "10.77.96.0/19", availability_zone: zone(2), map_public_ip_on_launch: true },
    ]);
  });

  test("routes every subnet to the internet", () => {
    const stack = synth("network: { zones: 3 }");
    expect(resource(stack, "aws_route.network_default-route")).toMatchObject({
      destination_cidr_block: "0.0.0.0/0",
      gateway_id: "${aws_internet_gateway.network_internet.id}",
      route_table_id: "${aws_route_table.network_routes.id}",
    });
    const routed = resources(stack, "aws_route_table_association").map(
      ([, association]) => association["subnet_id"],
    );
    expect(routed).toEqual(resources(stack, "aws_subnet").map(([address]) => `\${${address}.id}`));
  });

  test("reaches S3 by the free gateway endpoint", () => {
    expect(resource(synth("region: eu-west-1"), "aws_vpc_endpoint.network_store-endpoint")).toMatchObject({
      service_name: "com.amazonaws.eu-west-1.s3",
      route_table_ids: ["${aws_route_table.network_routes.id}"],
    });
  });

  test("has no NAT and no other thing that costs by the hour", () => {
    const types = Object.keys(synth().resource).filter((type) => /nat_gateway|_lb$|transit|vpn/.test(type));
    expect(types).toEqual([]);
  });
});
