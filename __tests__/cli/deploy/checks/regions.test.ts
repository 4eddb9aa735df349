import { checkRegions } from "../../../../cli/deploy/checks/regions";
import { type Asked, stubEc2 } from "../../../helpers/stub-ec2";
import { load } from "../../../lib/model/load";

const FLEETS =
  "fleets: { eu: { region: eu-south-1, instanceTypes: [c7g.large] }, us: { region: us-west-2, instanceTypes: [c7g.large] } }";

const list = (name: string, items: readonly string[]) =>
  `<${name}>${items.map((item) => `<item>${item}</item>`).join("")}</${name}>`;
const status = (region: string, optIn: string) =>
  `<regionName>${region}</regionName><optInStatus>${optIn}</optInStatus>`;

/** An account in which both regions do. */
const GOOD: Readonly<Record<string, (region: string) => string>> = {
  DescribeRegions: () =>
    list("regionInfo", [status("eu-south-1", "opted-in"), status("us-west-2", "opt-in-not-required")]),
  DescribeImages: () => list("imagesSet", ["<architecture>arm64</architecture>"]),
  DescribeInstanceTypeOfferings: (region) =>
    list("instanceTypeOfferingSet", [
      `<instanceType>c7g.large</instanceType><location>${region}a</location>`,
    ]),
};

/** What is asked, as `action in region`. */
let asked: string[];
let parameters: URLSearchParams[];

async function check(yaml: string, answers: typeof GOOD = GOOD): Promise<void> {
  asked = [];
  parameters = [];
  const restore = await stubEc2((call: Asked) => {
    asked.push(`${call.action} in ${call.region}`);
    parameters.push(call.parameters);
    return answers[call.action]?.(call.region);
  });
  try {
    await checkRegions(load(yaml).config);
  } finally {
    restore();
  }
}

test("asks each region of the fleets for itself, and the cluster's which of them are enabled", async () => {
  await check(FLEETS);
  expect(asked.sort()).toEqual([
    "DescribeImages in eu-south-1",
    "DescribeImages in us-west-2",
    "DescribeInstanceTypeOfferings in eu-south-1",
    "DescribeInstanceTypeOfferings in us-west-2",
    "DescribeRegions in us-east-1",
  ]);
});

test("asks nothing for fleets of the cluster's own region", async () => {
  await check("fleets: { a: {} }");
  expect(asked).toEqual([]);
});

test("asks nothing of a region that is not enabled, where AWS would not know the access key", async () => {
  const some = { ...GOOD, DescribeRegions: () => list("regionInfo", [status("eu-south-1", "not-opted-in")]) };
  await expect(check(FLEETS, some)).rejects.toThrow(
    "'fleets.eu.region' names eu-south-1, a region that this account has not enabled",
  );
  expect(asked).toEqual(["DescribeRegions in us-east-1"]);
});

test("refuses the region that lacks something, whichever it is", async () => {
  const DescribeImages = (region: string) =>
    list("imagesSet", region === "us-west-2" ? [] : ["<architecture>arm64</architecture>"]);
  await expect(check(FLEETS, { ...GOOD, DescribeImages })).rejects.toThrow(
    "us-west-2 has no image of Debian 13 for arm64, which fleet 'us' needs",
  );
});

test("takes an image of the settings that is deprecated: it still starts machines", async () => {
  await check(`fleets: { eu: { region: eu-south-1 } }\nregions: { eu-south-1: { imageId: ami-01234567 } }`);
  const [images] = parameters.filter((each) => each.get("Action") === "DescribeImages");
  expect(images?.get("IncludeDeprecated")).toBe("true");
  expect(images?.get("Filter.1.Value.1")).toBe("ami-01234567");
});

test("names the region that does not tell", async () => {
  const { DescribeImages: _, ...some } = GOOD;
  await expect(check(FLEETS, some)).rejects.toThrow(
    /^the regions of the fleets were not checked: EC2 in (eu-south-1|us-west-2) does not tell: permission is missing/,
  );
});
