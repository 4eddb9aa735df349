import { endpointsOf } from "../../../simulator/regions/endpoints";
import { endpointPairs, linkName, type Pair, peeredPairs, waysOf } from "../../../simulator/regions/ways";

const home = { region: "us-east-1", cidr: "10.77.0.0/16" };
const abroad = { region: "eu-central-1", cidr: "10.78.0.0/16" };
const pair: Pair = [home, abroad];

describe("ways between VPCs", () => {
  test("lead in both directions, each half of the round trip", () => {
    expect(waysOf([pair], new Set())).toEqual([
      { from: home.cidr, to: abroad.cidr, delayMs: 40 },
      { from: abroad.cidr, to: home.cidr, delayMs: 40 },
    ]);
  });

  test("take no time within a region", () => {
    const near = { region: "us-east-1", cidr: "10.90.0.0/16" };
    expect(waysOf([[home, near]], new Set()).map(({ delayMs }) => delayMs)).toEqual([0, 0]);
  });

  test("do not exist while the link of the regions is cut, in whichever order they were named", () => {
    expect(waysOf([pair], new Set([linkName("eu-central-1", "us-east-1")]))).toEqual([]);
    expect(waysOf([pair], new Set([linkName("eu-central-1", "us-west-2")]))).toHaveLength(2);
  });

  test("of a connection that both regions tell of exist once", () => {
    const peering = {
      id: "pcx-1",
      sides: [
        { ...home, vpcId: "vpc-1" },
        { ...abroad, vpcId: "vpc-2" },
      ],
    } as const;
    expect(peeredPairs([peering, peering])).toHaveLength(1);
  });
});

describe("ways to endpoints", () => {
  const endpoints = endpointsOf(["us-east-1", "eu-central-1", "us-west-2"]);

  test("a VPC has them to other regions that have machines; its own region's answer at once", () => {
    const to = endpointPairs([home, abroad], endpoints).map(([{ region }, endpoint]) => [
      region,
      endpoint.cidr,
    ]);
    expect(to).toEqual([
      ["us-east-1", "198.18.1.11/32"],
      ["us-east-1", "198.18.1.131/32"],
      ["eu-central-1", "198.18.1.10/32"],
      ["eu-central-1", "198.18.1.130/32"],
    ]);
  });

  test("there are none in one region alone", () => {
    expect(endpointPairs([home, { ...home, cidr: "10.90.0.0/16" }], endpoints)).toEqual([]);
  });

  test("every region has addresses of its own, up to 120 regions", () => {
    const regions = Array.from({ length: 120 }, (_, index) => `region-${index}`);
    const addresses = [...endpointsOf(regions).values()].flatMap(({ storage, services }) => [
      storage,
      services,
    ]);
    expect(new Set(addresses).size).toBe(240);
    expect(() => endpointsOf([...regions, "one-more"])).toThrow(
      "198.18.1.0/24 has no room for the endpoints of 121 regions",
    );
  });
});
