import { resource, synth } from "../synth";

describe("LocustMaster", () => {
  test("has a fixed private address in its own subnet", () => {
    expect(resource(synth(), "aws_instance.master_instance")).toMatchObject({
      private_ip: "10.77.0.4",
      subnet_id: "${aws_subnet.network_master-subnet.id}",
      vpc_security_group_ids: ["${aws_security_group.firewall_master.id}"],
      instance_type: "t4g.small",
    });
  });

  test("is never created before the old one is gone: both would claim the address", () => {
    expect(resource(synth(), "aws_instance.master_instance")["lifecycle"]).not.toHaveProperty(
      "create_before_destroy",
    );
  });

  test("has an Elastic IP that outlives it", () => {
    const stack = synth();
    expect(resource(stack, "aws_eip.master_address")).toMatchObject({ domain: "vpc" });
    expect(resource(stack, "aws_eip.master_address")).not.toHaveProperty("instance");
    expect(resource(stack, "aws_eip.master_address").depends_on).toEqual([
      "aws_internet_gateway.network_internet",
    ]);
    expect(resource(stack, "aws_eip_association.master_address-association")).toMatchObject({
      allocation_id: "${aws_eip.master_address.id}",
      instance_id: "${aws_instance.master_instance.id}",
    });
  });
});
