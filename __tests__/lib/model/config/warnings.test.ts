import { readFileSync } from "node:fs";
import { join } from "node:path";
import { warningsFor } from "../../../../lib/model/config";
import { explainUnknownRegion } from "../../../../lib/model/config/warnings";
import { projectRoot } from "../../../../lib/model/project";
import { REGIONS } from "../../../../lib/model/region-blocks";
import { load } from "../load";

describe("warningsFor", () => {
  const warnings = (yaml: string): string[] => warningsFor(load(yaml).config);

  test("the page open to everyone without login", () => {
    expect(warnings("access: { login: none }")).toEqual([
      "the page is open to everyone and asks for no login: set 'access.login' or narrow 'access.webCidrs'",
    ]);
  });

  test.each(["", "access: { login: none, webCidrs: [203.0.113.7/32] }", "access: { login: custom }"])(
    "nothing for %j",
    (yaml) => {
      expect(warnings(yaml)).toEqual([]);
    },
  );

  test("a fleet in a region that this version does not know, once for the cluster's own", () => {
    const yaml =
      "region: eu-cental-1\nfleets: { a: {}, b: { region: eu-cental-1 }, c: { region: us-east-9 } }";
    expect(warnings(`${yaml}\nregions: { us-east-9: { cidr: 10.9.0.0/16 } }`)).toEqual([
      expect.stringContaining("'region' eu-cental-1 is not"),
      "'fleets.c.region' us-east-9 is not an AWS region that this version knows: did you mean us-east-1?",
    ]);
  });

  test("settings of a region in which no fleet is", () => {
    const yaml = "fleets: { eu: { region: eu-west-1 } }\nregions: { eu-west-1: {}, eu-west-2: {} }";
    expect(warnings(yaml)).toEqual([
      "'regions.eu-west-2' has no effect: no fleet has eu-west-2 as its 'region'",
    ]);
  });

  test("settings of a region that this version does not know, which would hold for no fleet", () => {
    const yaml = "fleets: { eu: { region: eu-central-1 } }\nregions: { eu-cental-1: { cidr: 10.9.0.0/16 } }";
    expect(warnings(yaml)).toEqual([
      "'regions' eu-cental-1 is not an AWS region that this version knows: did you mean eu-central-1?",
    ]);
  });

  test("burstable workers", () => {
    expect(warnings("workers: { instanceType: t3.large }")).toEqual([
      expect.stringContaining(
        "type t3.large run on CPU credits: beyond these AWS charges for every vCPU-hour;",
      ),
    ]);
    expect(warnings("workers: { instanceType: t2.large }")).toEqual([
      expect.stringContaining("type t2.large run on CPU credits: beyond these AWS slows them down;"),
    ]);
    expect(warnings("workers: { instanceType: t3.large, count: 0 }")).toEqual([]);
  });
});

test("knows the regions that the AWS SDK lists", () => {
  const file = "core/dist-es/submodules/client/util-endpoints/lib/aws/partitions.js";
  const text = readFileSync(join(projectRoot(), "node_modules", "@aws-sdk", file), "utf8");
  const listed = [...text.matchAll(/"((?:[a-z]+-){2,}\d+)": \{/g)].map(([, region]) => region!);
  expect([...REGIONS].sort()).toEqual(listed.filter((region) => !/^..-iso/.test(region)).sort());
});

test.each([
  ["eu-central-1", undefined],
  ["cn-north-1", undefined],
  [
    "eu-cental-1",
    "'region' eu-cental-1 is not an AWS region that this version knows: did you mean eu-central-1?",
  ],
  ["us-east-9", "'region' us-east-9 is not an AWS region that this version knows: did you mean us-east-1?"],
  ["xx-nowhere-9", "'region' xx-nowhere-9 is not an AWS region that this version knows"],
])("what is said of the region %s", (region, said) => {
  expect(explainUnknownRegion(region)).toBe(said);
});
