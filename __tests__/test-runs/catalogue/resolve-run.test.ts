import { UserError } from "../../../lib/model/user-error";
import { resolveRun } from "../../../test-runs/catalogue/resolve-run";

describe("resolveRun", () => {
  const ids = ["20261121-120000-checkout", "20261121-110000-checkout", "20261120-090000-search"];

  test.each([
    [undefined, ids[0]],
    ["last", ids[0]],
    ["last~2", ids[2]],
    [ids[1]!, ids[1]],
    ["search", ids[2]],
    ["20261121-11", ids[1]],
  ])("%s", (text, id) => expect(resolveRun(text, ids)).toBe(id));

  test.each([
    [
      "check",
      "'check' is ambiguous: 20261121-120000-checkout, 20261121-110000-checkout; type more of the id",
    ],
    ["shop", "there is no run 'shop'"],
    ["last~3", "there are only 3 runs: the oldest is 'last~2'"],
  ])("refuses %s", (text, message) => expect(() => resolveRun(text, ids)).toThrow(new UserError(message)));

  test("says of a single run that 'last' is it", () => {
    expect(() => resolveRun("last~1", ids.slice(0, 1))).toThrow("there is only 1 run: it is 'last'");
  });

  test("takes the whole id of a run whose id begins another", () => {
    expect(resolveRun("20261121-120000", ["20261121-120000-2", "20261121-120000"])).toBe("20261121-120000");
  });

  test("admits that the run may be where nobody answered", () => {
    const problem = new UserError("the master does not answer");
    expect(() => resolveRun("shop", ids, [problem])).toThrow(
      expect.objectContaining({ hint: "the master does not answer" }) as Error,
    );
  });
});
