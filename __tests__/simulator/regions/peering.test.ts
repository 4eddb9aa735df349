import { peerRoutes, type Peering, type RouteTable } from "../../../simulator/regions/peering";

const peering: Peering = {
  id: "pcx-1",
  sides: [
    { region: "us-east-1", vpcId: "vpc-1", cidr: "10.77.0.0/16" },
    { region: "eu-central-1", vpcId: "vpc-2", cidr: "10.78.0.0/16" },
  ],
};
const route = { destination: "10.78.0.0/16", peeringId: "pcx-1" };
const table = (changes: Partial<RouteTable>): RouteTable => ({
  vpcId: "vpc-1",
  isMain: false,
  subnetIds: [],
  peerRoutes: [],
  ...changes,
});
const instance = { subnetId: "subnet-1", vpcId: "vpc-1" };

describe("routes to peered VPCs", () => {
  test("are those of the subnet's table, if the connection is active", () => {
    const tables = [table({ subnetIds: ["subnet-1"], peerRoutes: [route] })];
    expect(peerRoutes(instance, { peerings: [peering], tables })).toEqual(["10.78.0.0/16"]);
    expect(peerRoutes(instance, { peerings: [], tables })).toEqual([]);
  });

  test("are those of the VPC's main table for a subnet without a table", () => {
    const main = table({ isMain: true, peerRoutes: [route] });
    expect(peerRoutes(instance, { peerings: [peering], tables: [main] })).toEqual(["10.78.0.0/16"]);
    const own = table({ subnetIds: ["subnet-1"] });
    expect(peerRoutes(instance, { peerings: [peering], tables: [main, own] })).toEqual([]);
  });

  test("are never those of another VPC", () => {
    const other = table({ vpcId: "vpc-3", isMain: true, peerRoutes: [route] });
    expect(peerRoutes(instance, { peerings: [peering], tables: [other] })).toEqual([]);
  });
});
