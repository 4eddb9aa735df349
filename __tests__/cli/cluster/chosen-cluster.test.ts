import { chooseKind } from "../../../cli/cluster/chosen-cluster";
import { UserError } from "../../../lib/model/user-error";

describe("chooseKind", () => {
  test.each([
    [{ local: true, cloud: undefined }, "local"],
    [{ local: false, cloud: "shop" }, "cloud"],
  ])("%j", (found, kind) => expect(chooseKind(found)).toBe(kind));

  test("asks which one is meant when there are two", () => {
    expect(() => chooseKind({ local: true, cloud: "shop" })).toThrow(
      new UserError("a local cluster is running, and cluster 'shop' is deployed"),
    );
  });
});
