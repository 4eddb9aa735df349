import { resource, synth } from "../synth";

const ZONES = "terraform_data.zones_chosen";

describe("Zones", () => {
  test("asks AWS where both types are offered", () => {
    const offers = synth().data["aws_ec2_instance_type_offerings"];
    expect(Object.values(offers ?? {})).toEqual(
      ["c7g.large", "t4g.small"].map(
        (type) =>
          expect.objectContaining({
            filter: [{ name: "instance-type", values: [type] }],
            location_type: "availability-zone",
          }) as unknown,
      ),
    );
  });

  test("asks once when master and workers have the same type", () => {
    const offers = synth("master: { instanceType: c7g.large }").data["aws_ec2_instance_type_offerings"];
    expect(Object.keys(offers ?? {})).toEqual(["zones_offers-c7g-large"]);
  });

  test("are chosen once: zones that AWS opens later move nothing", () => {
    expect(resource(synth(), ZONES)["lifecycle"]).toMatchObject({ ignore_changes: ["input"] });
  });

  test("too few are told before anything is created", () => {
    const { precondition } = resource(synth("network: { zones: 3 }"), ZONES)["lifecycle"] as {
      precondition: object[];
    };
    expect(precondition).toEqual([
      {
        condition: expect.stringMatching(/^\$\{length\(.*\) >= 3\}$/) as string,
        error_message:
          "fewer than 3 availability zones of us-east-1 offer t4g.small and c7g.large: lower 'network.zones' or take other instance types.",
      },
    ]);
  });

  test("of another region refuse to serve", () => {
    const { postcondition } = resource(synth("region: eu-west-1"), ZONES)["lifecycle"] as {
      postcondition: object[];
    };
    expect(postcondition[0]).toEqual({
      condition: '${alltrue([for zone in self.output.names : startswith(zone, "eu-west-1")])}',
      error_message:
        "this cluster lives in another region than eu-west-1: destroy it there first, or give this one another 'name'.",
    });
  });

  test("never fail as an expression, so that a cluster can be destroyed with any settings", () => {
    const subnets = synth("network: { zones: 6 }").resource["aws_subnet"] ?? {};
    for (const subnet of Object.values(subnets)) {
      expect(subnet["availability_zone"]).toMatch(
        /^\$\{try\(terraform_data\.zones_chosen\.output\.names\[\d\], "none"\)\}$/,
      );
    }
  });
});
