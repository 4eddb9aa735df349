import { EC2Client } from "@aws-sdk/client-ec2";
import { checkRegions, regionProblem, type RegionFacts } from "../../../../cli/deploy/checks/regions";
import { fleetRegionsOf } from "../../../../lib/model/config";
import { load } from "../../../lib/model/load";

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
    // A local zone, as us-west-2-lax-1a.
    { offers: new Map(["c7g.large", "m7g.large"].map((type) => [type, ["eu-south-1-xyz-1a"]])) },
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

describe("checkRegions", () => {
  const { config } = load(
    "machines: { imageId: ami-01234567 }\nregions: { eu-south-1: { imageId: ami-76543210 } }\nfleets: { eu: { region: eu-south-1 } }",
  );
  const REGIONS = { Regions: [{ RegionName: "eu-south-1", OptInStatus: "opted-in" }] };
  const asked: Record<string, unknown> = {};

  function account(answers: Readonly<Record<string, readonly unknown[]>>): void {
    const left = new Map(Object.entries(answers).map(([name, all]) => [name, [...all]]));
    jest.spyOn(EC2Client.prototype, "send").mockImplementation((command: object) => {
      const name = command.constructor.name.replace(/Command$/, "");
      asked[name] = (command as { input: unknown }).input;
      const answer = left.get(name)!.shift();
      return (answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer)) as never;
    });
  }

  afterEach(() => jest.restoreAllMocks());

  test("looks at all pages of what the zones offer, and at an image that is deprecated too", async () => {
    account({
      DescribeRegions: [REGIONS],
      DescribeImages: [{ Images: [{ Architecture: "arm64" }] }],
      DescribeInstanceTypeOfferings: [
        { InstanceTypeOfferings: [], NextToken: "more" },
        { InstanceTypeOfferings: [{ InstanceType: "c7g.large", Location: "eu-south-1b" }] },
      ],
    });
    await expect(checkRegions(config)).resolves.toBeUndefined();
    expect(asked["DescribeImages"]).toEqual({
      Filters: [{ Name: "image-id", Values: ["ami-76543210"] }],
      IncludeDeprecated: true,
    });
  });

  test("says that a session may be valid in some regions only", async () => {
    const unknown = Object.assign(new Error("AWS was not able to validate the provided access credentials"), {
      name: "AuthFailure",
    });
    account({ DescribeRegions: [REGIONS], DescribeImages: [unknown] });
    await expect(checkRegions(config)).rejects.toMatchObject({
      message: "EC2 in eu-south-1 does not accept the AWS credentials that us-east-1 accepts",
      hint: "if the region was enabled just now, wait; otherwise take the session from a regional endpoint of STS: those of its global endpoint are valid only in regions that AWS enables by default",
    });
    // Nobody knows of which region a key that home does not know either is.
    account({ DescribeRegions: [unknown] });
    await expect(checkRegions(config)).rejects.toMatchObject({
      message:
        "the regions of the fleets were not checked: EC2 in us-east-1 does not tell: AWS does not know the access key",
    });
  });
});
