import { offerProblem, type RegionFacts, statusProblem } from "../../../../cli/deploy/checks/region-problem";
import { fleetRegionsOf } from "../../../../lib/model/config";
import { load } from "../../../lib/model/load";

const region = (yaml = "fleets: { eu: { region: eu-south-1, instanceTypes: [c7g.large, m7g.large] } }") =>
  fleetRegionsOf(load(yaml).config)[0]!;
const FACTS: RegionFacts = {
  images: ["arm64", "x86_64"],
  offers: new Map([
    ["c7g.large", ["eu-south-1a", "eu-south-1b"]],
    ["m7g.large", ["eu-south-1b"]],
  ]),
};

test.each(["opted-in", "opt-in-not-required"])("a region that is %s will do", (optInStatus) => {
  expect(statusProblem(region(), optInStatus)).toBeUndefined();
});

test.each([
  [
    "not-opted-in",
    "'fleets.eu.region' names eu-south-1, a region that this account has not enabled",
    "enable it in AWS's console (Account, AWS Regions), which takes minutes to hours, or choose another region",
  ],
  [
    undefined,
    "'fleets.eu.region' names eu-south-1, a region that AWS does not have for this account",
    undefined,
  ],
])("one that is %s is refused by name", (optInStatus, message, hint) => {
  expect(statusProblem(region(), optInStatus)).toMatchObject({ message, hint });
});

test("a region with image and types will do", () => {
  expect(offerProblem(region(), FACTS)).toBeUndefined();
});

test.each<[Partial<RegionFacts>, string, string]>([
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
])("one with %j is refused by name", (facts, message, hint) => {
  expect(offerProblem(region(), { ...FACTS, ...facts })).toMatchObject({ message, hint });
});

test("an image of the settings must be there too", () => {
  const named = region(
    "regions: { eu-south-1: { imageId: ami-01234567 } }\nfleets: { eu: { region: eu-south-1 } }",
  );
  expect(offerProblem(named, { ...FACTS, images: [] })?.message).toBe(
    "eu-south-1 has no image ami-01234567 for arm64, which fleet 'eu' needs",
  );
});
