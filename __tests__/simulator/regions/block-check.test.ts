import { checkBlock } from "../../../simulator/regions/block-check";

const played = { id: "vpc-1", region: "us-east-1", cidr: "10.77.0.0/16" };

describe("the block of a VPC", () => {
  test.each(["10.77.0.0/16", "10.77.4.0/24", "10.0.0.0/8"])("may not overlap another's: %s", (cidr) => {
    expect(() => checkBlock({ id: "vpc-2", region: "eu-central-1", cidr }, [played])).toThrow(
      `vpc-2 in eu-central-1 cannot be played: its block ${cidr} overlaps 10.77.0.0/16 of vpc-1 in us-east-1; give one of them another block, and start it again`,
    );
  });

  test("may be beside another's, and is its own", () => {
    checkBlock({ id: "vpc-2", region: "eu-central-1", cidr: "10.78.0.0/16" }, [played]);
    checkBlock(played, [played]);
  });
});
