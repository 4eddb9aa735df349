import { assert, constantFrom, integer, property } from "fast-check";
import { planAddresses } from "../../../lib/model/addresses";
import { contains, parseCidr, sizeOf, toAddress, toCidr, type Cidr } from "../../../lib/model/cidr";

const parse = (text: string): Cidr => {
  const block = parseCidr(text);
  if (!block) throw new Error(`not a CIDR: ${text}`);
  return block;
};

const overlap = (a: Cidr, b: Cidr): boolean =>
  a.base < b.base + sizeOf(b.prefix) && b.base < a.base + sizeOf(a.prefix);

/** Any private VPC that AWS accepts, and a number of zones. */
const anyPlan = (
  check: (vpc: Cidr, zones: number, plan: NonNullable<ReturnType<typeof planAddresses>>) => void,
) =>
  property(
    constantFrom("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"),
    integer({ min: 16, max: 28 }),
    integer({ min: 0 }),
    integer({ min: 1, max: 6 }),
    (block, prefix, seed, zones) => {
      const outer = parse(block);
      const slots = 2 ** (prefix - outer.prefix);
      const vpc = { base: outer.base + (seed % slots) * sizeOf(prefix), prefix };
      const plan = planAddresses(toCidr(vpc), zones);
      if (plan) check(vpc, zones, plan);
      else expect(sizeOf(prefix)).toBeLessThan((zones + 1) * 2 * sizeOf(28));
    },
  );

describe("planAddresses", () => {
  test("keeps every subnet inside the VPC", () => {
    assert(
      anyPlan((vpc, _zones, plan) => {
        for (const subnet of [plan.masterSubnet, ...plan.workerSubnets])
          expect(contains(vpc, parse(subnet))).toBe(true);
      }),
    );
  });

  test("overlaps no subnet with another", () => {
    assert(
      anyPlan((_vpc, _zones, plan) => {
        const subnets = [plan.masterSubnet, ...plan.workerSubnets].map(parse);
        const pairs = subnets.flatMap((a, index) => subnets.slice(index + 1).map((b) => [a, b] as const));
        for (const [a, b] of pairs) expect(overlap(a, b)).toBe(false);
      }),
    );
  });

  test("writes every subnet as AWS does, with a size that AWS makes", () => {
    assert(
      anyPlan((_vpc, _zones, plan) => {
        for (const subnet of [plan.masterSubnet, ...plan.workerSubnets]) {
          expect(toCidr(parse(subnet))).toBe(subnet);
          expect(parse(subnet).prefix).toBeLessThanOrEqual(28);
        }
      }),
    );
  });

  test("gives the master an address of its own /28 that AWS does not reserve", () => {
    assert(
      anyPlan((_vpc, _zones, plan) => {
        const { base, prefix } = parse(plan.masterSubnet);
        expect(prefix).toBe(28);
        const usable = Array.from({ length: 11 }, (_, index) => toAddress(base + 4 + index));
        expect(usable).toContain(plan.masterIp);
      }),
    );
  });

  test("makes one subnet a zone and counts the workers that fit", () => {
    assert(
      anyPlan((_vpc, zones, plan) => {
        expect(plan.workerSubnets).toHaveLength(zones);
        const room = plan.workerSubnets.reduce((sum, subnet) => sum + sizeOf(parse(subnet).prefix) - 5, 0);
        expect(plan.workerRoom).toBe(room);
      }),
    );
  });

  test("leaves the subnets where they are when a zone is added", () => {
    const subnets = [1, 2, 3, 4, 5, 6].map(
      (zones) => planAddresses("10.77.0.0/16", zones)?.workerSubnets ?? [],
    );
    for (const fewer of subnets) expect(subnets[5]?.slice(0, fewer.length)).toEqual(fewer);
  });

  test("divides the default VPC", () => {
    expect(planAddresses("10.77.0.0/16", 2)).toEqual({
      masterSubnet: "10.77.0.0/28",
      masterIp: "10.77.0.4",
      workerSubnets: ["10.77.32.0/19", "10.77.64.0/19"],
      workerRoom: 16_374,
    });
  });

  test.each([
    ["10.0.0.0/27", 1],
    ["10.0.0.0/26", 3],
    ["10.0.0.0/25", 6],
  ])("finds room in %s for %i zones", (cidr, zones) => {
    expect(planAddresses(cidr, zones)?.workerSubnets).toHaveLength(zones);
  });

  test.each([
    ["10.0.0.0/28", 1],
    ["10.0.0.0/27", 2],
    ["10.0.0.0/26", 4],
    ["nonsense", 1],
  ])("finds no room in %s for %i zones", (cidr, zones) => {
    expect(planAddresses(cidr, zones)).toBeUndefined();
  });
});
