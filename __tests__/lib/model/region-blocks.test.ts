import { overlap, parseCidr } from "../../../lib/model/cidr";
import { blockOf, HOME_BLOCK, partitionOf, REGIONS } from "../../../lib/model/region-blocks";

/** A second copy, so that nobody sorts the first. New regions go to the end of both. */
const SINCE_THE_FIRST = (
  "af-south-1 ap-east-1 ap-east-2 ap-northeast-1 ap-northeast-2 ap-northeast-3 ap-south-1 ap-south-2 " +
  "ap-southeast-1 ap-southeast-2 ap-southeast-3 ap-southeast-4 ap-southeast-5 ap-southeast-6 ap-southeast-7 " +
  "ca-central-1 ca-west-1 cn-north-1 cn-northwest-1 eu-central-1 eu-central-2 eu-north-1 eu-south-1 eu-south-2 " +
  "eu-west-1 eu-west-2 eu-west-3 eusc-de-east-1 il-central-1 me-central-1 me-south-1 me-west-1 mx-central-1 " +
  "sa-east-1 sa-west-1 us-east-1 us-east-2 us-gov-east-1 us-gov-west-1 us-west-1 us-west-2"
).split(" ");

test("a region keeps its place, and with it its block", () => {
  expect(REGIONS.slice(0, SINCE_THE_FIRST.length)).toEqual(SINCE_THE_FIRST);
  expect([blockOf("af-south-1"), blockOf("eu-central-1"), blockOf("us-west-2")]).toEqual([
    "10.78.0.0/16",
    "10.97.0.0/16",
    "10.118.0.0/16",
  ]);
});

test("no block overlaps another one or that of the cluster's own region", () => {
  const blocks = [HOME_BLOCK, ...REGIONS.map((region) => blockOf(region)!)];
  expect(new Set(REGIONS).size).toBe(REGIONS.length);
  for (const [index, block] of blocks.entries())
    for (const other of blocks.slice(0, index))
      expect([block, other, overlap(parseCidr(block)!, parseCidr(other)!)]).toEqual([block, other, false]);
});

test("nobody knows the block of a new region", () => {
  expect(blockOf("xx-north-1")).toBeUndefined();
});

test.each([
  ["eu-central-1", ""],
  ["us-west-2", ""],
  ["cn-north-1", "cn"],
  ["us-gov-west-1", "us-gov"],
  ["eusc-de-east-1", "eusc"],
  ["us-iso-east-1", "us-iso"],
  ["us-isob-east-1", "us-isob"],
  ["eu-isoe-west-1", "eu-isoe"],
])("the partition of %s is %j", (region, partition) => {
  expect(partitionOf(region)).toBe(partition);
});
