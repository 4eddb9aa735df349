import { describeLeftover, findUnknown } from "../../../../cli/deploy/leftovers/find";
import type { Search } from "../../../../cli/deploy/leftovers/kind";
import { explainUnseen } from "../../../../cli/deploy/leftovers/look";
import { peerings } from "../../../../cli/deploy/leftovers/network-kinds";
import { removeLeftovers } from "../../../../cli/deploy/leftovers/remove";
import { search, toTags } from "./stub-account";

const vpc = (id: string) => ({ DescribeVpcs: { Vpcs: [{ VpcId: id, Tags: toTags({ Name: "shop" }) }] } });
const PEERING = {
  DescribeVpcPeeringConnections: {
    VpcPeeringConnections: [
      { VpcPeeringConnectionId: "pcx-1", Status: { Code: "active" } },
      { VpcPeeringConnectionId: "pcx-old", Status: { Code: "deleted" } },
    ],
  },
};

function twoRegions(idsAway: ReadonlySet<string> = new Set()): { search: Search; asked: string[] } {
  const asked: string[] = [];
  const place = (region: string, answers: Readonly<Record<string, unknown>>, ids?: ReadonlySet<string>) => {
    const named = Object.fromEntries(
      [...Object.keys(answers), "DeleteVpc", "DeleteVpcPeeringConnection"].map((name) => [
        name,
        () => {
          if (name.startsWith("Delete")) asked.push(`${name} in ${region}`);
          return answers[name] ?? {};
        },
      ]),
    );
    return { ...search(named, { fleets: true, ...(ids && { ids }) }).search, region };
  };
  const away = place("eu-west-1", { ...vpc("vpc-2"), ...PEERING }, idsAway);
  return { asked, search: { ...place("us-east-1", { ...vpc("vpc-1"), ...PEERING }), elsewhere: [away] } };
}

describe("in other regions", () => {
  test("leftovers are found, and a peering once, before what it connects", async () => {
    const { leftovers } = await findUnknown(twoRegions().search);
    expect(leftovers.map(describeLeftover)).toEqual([
      "VPC peering connection pcx-1",
      "VPC vpc-2 (shop) in eu-west-1",
      "VPC vpc-1 (shop)",
    ]);
  });

  test("nothing is a leftover that the state has there", async () => {
    const { leftovers } = await findUnknown(twoRegions(new Set(["vpc-2"])).search);
    expect(leftovers.map(({ id }) => id)).toEqual(["pcx-1", "vpc-1"]);
    // An id of another region is no excuse.
    const here = await findUnknown(twoRegions(new Set(["vpc-1"])).search);
    expect(here.leftovers.map(({ id }) => id)).toEqual(["pcx-1", "vpc-2", "vpc-1"]);
  });

  test("each is removed where it is, those of the cluster's own region last", async () => {
    const { search: made, asked } = twoRegions();
    const { leftovers } = await findUnknown(made);
    await removeLeftovers(leftovers, made, { limitMs: 1000, pauseMs: 1, sayAfterMs: [1000, 1000] });
    expect(asked).toEqual([
      "DeleteVpcPeeringConnection in us-east-1",
      "DeleteVpc in eu-west-1",
      "DeleteVpc in us-east-1",
    ]);
  });

  test("a region that may not be looked at is named", async () => {
    const { search: made } = twoRegions();
    const denied = Object.assign(new Error("no"), { name: "UnauthorizedOperation" });
    Object.assign(made.elsewhere[0]!.ec2, { send: () => Promise.reject(denied) });
    const { unseen } = await findUnknown(made);
    expect(unseen.map(({ what }) => what)).toContain("VPCs in eu-west-1");
  });

  test.each([
    [
      "is silent",
      "TimeoutError",
      "@smithy/node-http-handler - [ERROR]",
      "cannot reach AWS (no answer in time)",
    ],
    [
      "the account has disabled since",
      "AuthFailure",
      "AWS was not able to validate the provided access credentials",
      "AWS does not accept the credentials there: the region is not enabled, or the session not valid in it",
    ],
  ])("a region that %s hides nothing but itself", async (_, name, message, reason) => {
    const { search: made } = twoRegions();
    const error = Object.assign(new Error(message), { name });
    Object.assign(made.elsewhere[0]!.ec2, { send: () => Promise.reject(error) });
    const { leftovers, unseen } = await findUnknown(made);
    expect(leftovers.map(({ id }) => id)).toEqual(["pcx-1", "vpc-1"]);
    expect(explainUnseen(unseen)).toBe(
      `could not check for resources in eu-west-1 left by a killed deploy: ${reason}`,
    );
  });

  test("when the cluster's own region does not answer, nothing is known", async () => {
    const { search: made } = twoRegions();
    Object.assign(made.ec2, { send: () => Promise.reject(new Error("no")) });
    await expect(findUnknown(made)).rejects.toThrow("no");
  });

  test("nobody asks for peerings of a cluster that lives in one region", async () => {
    const { search: made, asked } = search({});
    await findUnknown(made);
    expect(asked).not.toContain("DescribeVpcPeeringConnections");
  });

  test("a peering that is being made is removed once AWS lets it go", async () => {
    const statuses = ["initiating-request", "pending-acceptance"];
    const { search: made, asked } = search({
      DescribeVpcPeeringConnections: () => ({
        VpcPeeringConnections: [{ VpcPeeringConnectionId: "pcx-1", Status: { Code: statuses.shift() } }],
      }),
      DeleteVpcPeeringConnection: () => {
        if (statuses.length === 0) return {};
        const message = "Invalid state transition for pcx-1, attempted to transition from initiating-request";
        throw Object.assign(new Error(message), { name: "InvalidStateTransition" });
      },
    });
    const leftovers = [{ kind: peerings, id: "pcx-1" }];
    const patience = { limitMs: 1000, pauseMs: 1, sayAfterMs: [1000, 1000] as const };
    await removeLeftovers(leftovers, made, patience);
    expect(asked.filter((name) => name.startsWith("Delete"))).toHaveLength(2);

    // Its blocks overlap, so AWS has given it up meanwhile.
    statuses.push("failed");
    await removeLeftovers(leftovers, made, patience);
    expect(asked.filter((name) => name.startsWith("Delete"))).toHaveLength(2);
  });

  test("a peering that is gone is no leftover, though AWS lists it for hours", async () => {
    expect((await peerings.find(twoRegions().search)).map(({ id }) => id)).toEqual(["pcx-1"]);
  });
});
