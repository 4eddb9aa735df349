import { readFileSync } from "node:fs";
import { join } from "node:path";
import { explainUnknownRegion, REGIONS } from "../../../../lib/model/config/warnings";
import { projectRoot } from "../../../../lib/model/project";

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
])("of %s", (region, said) => {
  expect(explainUnknownRegion(region)).toBe(said);
});
