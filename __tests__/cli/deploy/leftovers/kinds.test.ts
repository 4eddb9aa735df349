import { buckets } from "../../../../cli/deploy/leftovers/buckets";
import { addresses } from "../../../../cli/deploy/leftovers/machine-kinds";
import { routeTables } from "../../../../cli/deploy/leftovers/network-kinds";
import { roles } from "../../../../cli/deploy/leftovers/role-kinds";
import { search } from "./stub-account";

describe("what AWS does not let go", () => {
  test("a route table loses its associations before it is deleted", async () => {
    const Associations = [
      { RouteTableAssociationId: "rtbassoc-1" },
      { RouteTableAssociationId: "main", Main: true },
    ];
    const answer = { RouteTables: [{ RouteTableId: "rtb-1", Associations }] };
    const { search: made, asked } = search({ DescribeRouteTables: answer });
    await routeTables.remove(made, "rtb-1");
    expect(asked).toEqual(["DescribeRouteTables", "DisassociateRouteTable", "DeleteRouteTable"]);
  });

  test("an address leaves its machine before it is released", async () => {
    const answer = { Addresses: [{ AllocationId: "eipalloc-1", AssociationId: "eipassoc-1" }] };
    const { search: made, asked } = search({ DescribeAddresses: answer });
    await addresses.remove(made, "eipalloc-1");
    expect(asked).toEqual(["DescribeAddresses", "DisassociateAddress", "ReleaseAddress"]);
  });

  test("a role loses the policies that somebody has given it, too", async () => {
    const { search: made, asked } = search({
      ListAttachedRolePolicies: { AttachedPolicies: [{ PolicyArn: "arn:aws:iam::aws:policy/Of-Somebody" }] },
      ListRolePolicies: { PolicyNames: ["own"] },
    });
    await roles.remove(made, "shop-master-role-1");
    expect(asked).toEqual([
      "ListAttachedRolePolicies",
      "DetachRolePolicy",
      "ListRolePolicies",
      "DeleteRolePolicy",
      "DeleteRole",
    ]);
  });

  test("a bucket with an object that S3 does not delete is not deleted, and S3's reason is told", async () => {
    const { search: made, asked } = search({
      ListObjectsV2: { Contents: [{ Key: "runs/1" }] },
      DeleteObjects: { Errors: [{ Key: "runs/1", Code: "AccessDenied", Message: "explicit deny" }] },
    });
    const removed = buckets.remove({ ...made, keepRuns: false }, "shop-1");
    await expect(removed).rejects.toMatchObject({ name: "AccessDenied", message: "runs/1: explicit deny" });
    expect(asked).not.toContain("DeleteBucket");
  });
});

test("buckets are listed page by page", async () => {
  const pages: unknown[] = [];
  const { search: made } = search({
    ListBuckets: (input: { ContinuationToken?: string }) => {
      pages.push(input);
      return input.ContinuationToken ? {} : { ContinuationToken: "next" };
    },
  });
  await buckets.find(made);
  expect(pages).toMatchObject([{ MaxBuckets: 1000 }, { MaxBuckets: 1000, ContinuationToken: "next" }]);
});
