import { checkRegions, regionProblem, type RegionFacts } from "../../../../cli/deploy/checks/regions";
import { fleetRegionsOf } from "../../../../lib/model/config";
import { load } from "../../../lib/model/load";
import { serveAws } from "../../stub-aws";

const region = (yaml = "fleets: { eu: { region: eu-south-1, instanceTypes: [c7g.large, m7g.large] } }") =>
  fleetRegionsOf(load(yaml).config)[0]!;
const FACTS: RegionFacts = {
  optInStatus: "opted-in",
  images: ["arm64", "x86_64"],
  offers: new Map([
    ["c7g.large", ["eu-south-1a", "eu-south-1b"]],
    ["m7g.large", ["eu-south-1b"]],
  ]),
};

test.each(["opted-in", "opt-in-not-required"])("a region that is %s will do", (optInStatus) => {
  expect(regionProblem(region(), { ...FACTS, optInStatus })).toBeUndefined();
});

test.each<[Partial<RegionFacts>, string, string | undefined]>([
  [
    { optInStatus: "not-opted-in" },
    "'fleets.eu.region' names eu-south-1, a region that this account has not enabled",
    "enable it in AWS's console (Account, AWS Regions), which takes minutes to hours, or choose another region",
  ],
  [
    { optInStatus: undefined },
    "'fleets.eu.region' names eu-south-1, a region that AWS does not have for this account",
    undefined,
  ],
  [
    { images: ["x86_64"] },
    "eu-south-1 has no image of Debian 13 for arm64, which fleet 'eu' needs",
    "set 'regions.eu-south-1.imageId' to an image there, or choose another region",
  ],
  [
    { offers: new Map([...FACTS.offers, ["m7g.large", ["eu-south-1c"]]]) },
    "no availability zone of eu-south-1 offers c7g.large and m7g.large",
    "change 'fleets.eu.instanceTypes'",
  ],
  [
    { offers: new Map() },
    "no availability zone of eu-south-1 offers c7g.large and m7g.large",
    "change 'fleets.eu.instanceTypes'",
  ],
])("with %j it is refused by name", (facts, message, hint) => {
  expect(regionProblem(region(), { ...FACTS, ...facts })).toMatchObject({ message, hint });
});

test("an image of the settings must be there too", () => {
  const named = region(
    "regions: { eu-south-1: { imageId: ami-01234567 } }\nfleets: { eu: { region: eu-south-1 } }",
  );
  expect(regionProblem(named, { ...FACTS, images: [] })?.message).toBe(
    "eu-south-1 has no image ami-01234567 for arm64, which fleet 'eu' needs",
  );
});

test("an image that its owner has deprecated will do: machines start with it", async () => {
  const xml = (name: string, content: string) => ({
    status: 200,
    body: `<${name}Response>${content}</${name}Response>`,
  });
  const offer = "<item><instanceType>c7g.large</instanceType><location>eu-south-1a</location></item>";
  const { server, env, requests } = await serveAws({
    DescribeRegions: xml(
      "DescribeRegions",
      "<regionInfo><item><regionName>eu-south-1</regionName><optInStatus>opted-in</optInStatus></item></regionInfo>",
    ),
    DescribeImages: xml(
      "DescribeImages",
      "<imagesSet><item><imageId>ami-01234567</imageId><architecture>arm64</architecture></item></imagesSet>",
    ),
    DescribeInstanceTypeOfferings: xml(
      "DescribeInstanceTypeOfferings",
      `<instanceTypeOfferingSet>${offer}</instanceTypeOfferingSet>`,
    ),
  });
  const before = { ...process.env };
  Object.assign(process.env, env);
  try {
    await checkRegions(
      load("regions: { eu-south-1: { imageId: ami-01234567 } }\nfleets: { eu: { region: eu-south-1 } }")
        .config,
    );
    const [images] = requests.filter((each) => each.includes("DescribeImages"));
    expect(new URLSearchParams(images).get("IncludeDeprecated")).toBe("true");
  } finally {
    process.env = before;
    server.close();
  }
});
