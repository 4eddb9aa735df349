import { architectureOf, INSTANCE_TYPE, isBurstable } from "../../../lib/model/instance-type";

describe("architectureOf", () => {
  test.each([
    "t4g.small",
    "c7g.large",
    "c7gn.16xlarge",
    "m8gd.large",
    "im4gn.large",
    "is4gen.medium",
    "g5g.xlarge",
    "x2gd.large",
    "a1.large",
    "hpc7g.4xlarge",
  ])("%s is arm64", (type) => {
    expect(architectureOf(type)).toBe("arm64");
  });

  test.each([
    "t3.micro",
    "c7i.large",
    "c5ad.large",
    "g4dn.xlarge",
    "g6e.xlarge",
    "p4de.24xlarge",
    "m7i-flex.large",
    "u-6tb1.56xlarge",
    "i7ie.large",
  ])("%s is x86_64", (type) => {
    expect(architectureOf(type)).toBe("x86_64");
  });
});

test.each(["c7g.large", "m7i-flex.8xlarge", "c7g.metal", "m7i.metal-24xl", "u-6tb1.56xlarge"])(
  "%s has the form of a type",
  (type) => {
    expect(type).toMatch(INSTANCE_TYPE);
  },
);

test.each(["c7g", "large", "c7g.big", "C7g.large", "c7g.large ", "7g.large", "c7g.16large"])(
  "%j has not",
  (type) => {
    expect(type).not.toMatch(INSTANCE_TYPE);
  },
);

test("t types are burstable, others are not", () => {
  expect(["t4g.small", "t3a.large", "c7g.large", "trn1.2xlarge"].map(isBurstable)).toEqual([
    true,
    true,
    false,
    false,
  ]);
});
