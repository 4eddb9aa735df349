import { assert, integer, property } from "fast-check";
import { contains, isPrivate, parseCidr, toCidr } from "../../../lib/model/cidr";

describe("parseCidr", () => {
  test("reads what toCidr writes", () => {
    assert(
      property(integer({ min: 0, max: 2 ** 32 - 1 }), integer({ min: 0, max: 32 }), (address, prefix) => {
        const base = address - (address % 2 ** (32 - prefix));
        expect(parseCidr(toCidr({ base, prefix }))).toEqual({ base, prefix });
      }),
    );
  });

  test("clears host bits", () => {
    expect(parseCidr("10.1.2.3/16")).toEqual(parseCidr("10.1.0.0/16"));
  });

  test.each(["10.0.0.0", "10.0.0/8", "256.0.0.0/8", "10.0.0.0/33", "::/0", "10.0.0.0/8 ", ""])(
    "refuses %j",
    (text) => {
      expect(parseCidr(text)).toBeUndefined();
    },
  );
});

describe("isPrivate", () => {
  const check = (text: string): boolean => isPrivate(parseCidr(text) ?? { base: 0, prefix: 0 });

  test.each([
    "10.0.0.0/8",
    "10.255.255.240/28",
    "172.16.0.0/16",
    "172.31.0.0/16",
    "192.168.0.0/16",
    "100.64.0.0/10",
  ])("takes %s", (text) => {
    expect(check(text)).toBe(true);
  });

  test.each([
    "9.255.0.0/16",
    "11.0.0.0/16",
    "172.15.0.0/16",
    "172.32.0.0/16",
    "192.169.0.0/16",
    "100.128.0.0/16",
    "0.0.0.0/0",
  ])("refuses %s", (text) => {
    expect(check(text)).toBe(false);
  });
});

test("a block contains itself and its parts, not what is larger", () => {
  const [large, small] = [parseCidr("10.0.0.0/16"), parseCidr("10.0.255.0/24")];
  if (!large || !small) throw new Error("not parsed");
  expect([contains(large, large), contains(large, small), contains(small, large)]).toEqual([
    true,
    true,
    false,
  ]);
});
