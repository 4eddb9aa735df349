import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { App, Aspects, TerraformDataSource, TerraformResource, TerraformStack, Testing } from "cdktf";
import { Construct } from "constructs";
import { MachineImage } from "../../../lib/constructs/machine-image";
import { Network } from "../../../lib/constructs/network";
import { Preflight } from "../../../lib/constructs/preflight";
import { Zones } from "../../../lib/constructs/zones";
import { resource, type Resource, type Synthesized } from "../synth";

/** A stack with a network at home and one in another region, whose scope alone says which provider it uses. */
function synthTwoRegions(): Synthesized {
  const stack = new TerraformStack(new App(), "shop");
  new AwsProvider(stack, "aws", { region: "us-east-1" });
  const provider = new AwsProvider(stack, "aws-eu", { region: "eu-central-1", alias: "eu-central-1" });
  const preflight = new Preflight(stack, "preflight", { contents: [], environment: {} });
  const abroad = new Construct(stack, "eu");
  const places = [
    [new Construct(stack, "home"), "us-east-1", "10.77.0.0/16"],
    [abroad, "eu-central-1", "10.80.0.0/16"],
  ] as const;
  for (const [scope, region, cidr] of places) {
    const zones = new Zones(scope, "zones", { region, count: 1, instanceTypes: ["c7g.large"] });
    new Network(scope, "network", { cluster: "shop", region, cidr, zoneCount: 1, zones, preflight });
    new MachineImage(scope, "image", { architecture: "arm64" });
  }
  Aspects.of(abroad).add({
    visit: (node) => {
      const isOfAws =
        (TerraformResource.isTerraformResource(node) || TerraformDataSource.isTerraformDataSource(node)) &&
        node.terraformResourceType.startsWith("aws_");
      if (isOfAws) node.provider = provider;
    },
  });
  return JSON.parse(Testing.synth(stack)) as Synthesized;
}

test("network, zones and image stand in any region, and say nowhere which", () => {
  const stack = synthTwoRegions();
  const all = [stack.resource, stack.data].flatMap((types) =>
    Object.entries(types)
      .filter(([type]) => type.startsWith("aws_"))
      .flatMap(([, named]) => Object.entries(named)),
  );
  const usedBy = (place: string): unknown[] => [
    ...new Set(
      all.filter(([name]) => name.startsWith(place)).map(([, each]: [string, Resource]) => each["provider"]),
    ),
  ];
  expect([usedBy("home_"), usedBy("eu_")]).toEqual([[undefined], ["aws.eu-central-1"]]);
  const [vpc] =
    Object.entries(stack.resource["aws_vpc"] ?? {}).find(([name]) => name.startsWith("eu_")) ?? [];
  expect(resource(stack, `aws_vpc.${vpc}`)["cidr_block"]).toBe("10.80.0.0/16");
  expect(JSON.stringify(all.filter(([name]) => name.startsWith("eu_")))).not.toMatch(/us-east-1|10\.77\./);
});
