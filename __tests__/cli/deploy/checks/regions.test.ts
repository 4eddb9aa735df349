import { EC2Client } from "@aws-sdk/client-ec2";
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

describe("an account with one fleet elsewhere", () => {
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
