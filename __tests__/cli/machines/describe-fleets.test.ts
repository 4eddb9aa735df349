import { describeFleets } from "../../../cli/machines/describe-fleets";
import { parseNodeRecord } from "../../../cli/machines/ledger";
import { answer, node, progressOf, record } from "../recorded-cluster";

function lines(scaling: unknown): string[] {
  const master = parseNodeRecord(JSON.stringify({ ...record("master"), scaling }))!;
  return describeFleets(progressOf([node("master")], [master], answer({})));
}

describe("describeFleets", () => {
  test("says which capacity the master cannot set, and why", () => {
    const eu = { capacity: 2, error: null };
    const us = { capacity: null, error: "Auto Scaling in us-east-1 told no groups:\nAccessDenied" };
    expect(lines({ eu, us })).toEqual([
      expect.stringMatching(
        /^the master cannot set the capacity of fleet us yet, and tries again: Auto Scaling in us-east-1 told no groups:.*AccessDenied$/,
      ),
    ]);
  });

  test("says which machine AWS takes back, and when", () => {
    const stage = "AWS ends this machine at 2026-11-27T12:02:00.000Z (spot notice)";
    const leaving = record("eu-1", { fleet: "eu", state: "draining", stage });
    const records = [record("master"), leaving];
    expect(describeFleets(progressOf([node("master")], records, answer({})))).toEqual([
      `eu-1 is draining: ${stage}`,
    ]);
    const seen = answer({ "eu-1": 2 });
    const nodes = seen.nodes.map((each) =>
      each.name === "eu-1" ? { ...each, state: "draining" as const } : each,
    );
    expect(describeFleets(progressOf([node("master")], [], { ...seen, nodes }))).toEqual([
      "eu-1 is draining: AWS ends this machine",
    ]);
  });

  test.each([undefined, null, {}, [], "eu", { eu: { capacity: 2, error: null } }, { eu: { capacity: "2" } }])(
    "says nothing of %j",
    (scaling) => {
      expect(lines(scaling)).toEqual([]);
    },
  );
});
