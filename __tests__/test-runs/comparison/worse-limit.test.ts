import { createProgram } from "../../../cli/commands";
import { describeRegression } from "../../../cli/terminal/runs/compare-table";
import { compareRuns } from "../../../test-runs/comparison/compare-runs";
import { parseWorseLimit, regressions } from "../../../test-runs/comparison/worse-limit";
import { UserError } from "../../../lib/model/user-error";
import { figures, request, run } from "../recorded-run";

describe("parseWorseLimit", () => {
  test.each([
    ["10%", ["rps", "fail_ratio", "p50_ms", "p95_ms", "p99_ms"], 0.1, undefined],
    ["5ms", ["p50_ms", "p95_ms", "p99_ms"], undefined, 5],
    ["p95: 10% and 5ms", ["p95_ms"], 0.1, 5],
    ["p99 : 1.5s and 5 %", ["p99_ms"], 0.05, 1500],
    ["fail_ratio: 0.5 points", ["fail_ratio"], undefined, 0.005],
    ["rps: 2/s", ["rps"], undefined, 2],
  ])("reads '%s'", (text, metrics, ratio, amount) => {
    expect(parseWorseLimit(text)).toEqual({ text, metrics, ratio, amount });
  });

  test.each([
    ["10", "'10' is no limit"],
    ["", "'' is no limit"],
    ["p95:", "'p95:' is no limit"],
    ["10% and 5%", "'10% and 5%' is no limit"],
    ["10% or 5ms", "'10% or 5ms' is no limit"],
    ["p95: 5 points", "p95 is not measured in points"],
    ["p90: 10%", "'p90' is not compared; choose one of rps, fail_ratio, p50, p95, p99"],
    ["constructor: 10%", "'constructor' is not compared; choose one of rps, fail_ratio, p50, p95, p99"],
  ])("refuses '%s'", (text, message) => {
    expect(() => parseWorseLimit(text)).toThrow(new UserError(message));
  });

  test("may be given several times", async () => {
    const program = createProgram("1.0.0", { code: 0 });
    const compare = program.commands.find((each) => each.name() === "compare")!.action(() => undefined);
    const limits = ["--fail-if-worse", "p95: 10%", "--fail-if-worse", "2%"];
    await program.parseAsync(["compare", "last~1", "last", ...limits], { from: "user" });
    expect(compare.opts()["failIfWorse"]).toEqual([parseWorseLimit("p95: 10%"), parseWorseLimit("2%")]);
  });
});

describe("regressions", () => {
  function found(before: object, after: object, ...limits: string[]): string[] {
    const runs = [before, after].map((total) => run({ requests: [], total: figures(total) }));
    return regressions(compareRuns(runs[0]!, runs[1]!), limits.map(parseWorseLimit)).map(describeRegression);
  }

  test("are requests that are worse by more than the limit, and those that are gone", () => {
    const before = run({ requests: [request("/"), request("/old")], total: figures() });
    const after = run({ requests: [request("/new"), request("/", { p95_ms: 400 })], total: figures() });
    expect(regressions(compareRuns(before, after), [parseWorseLimit("10%")]).map(describeRegression)).toEqual(
      ["p95 of GET /: 210 ms → 400 ms (+90.5%), more than 10%", "GET /old: no longer requested"],
    );
  });

  test.each([
    [220, 0],
    [221, 0],
    [243, 1],
  ])("a p95 of %d ms after 220 ms: %d beyond 10%%", (p95_ms, count) => {
    expect(found({ p95_ms: 220 }, { p95_ms }, "10%")).toHaveLength(count);
  });

  test.each([
    // Half as much again, but 2 ms.
    [4, 6, 0],
    // 8 ms, but 4%.
    [200, 208, 0],
    [40, 50, 1],
  ])("a p95 from %d to %d ms: %d beyond both 10%% and 5 ms", (before, after, count) => {
    expect(found({ p95_ms: before }, { p95_ms: after }, "p95: 10% and 5ms")).toHaveLength(count);
  });

  test("are of the named figure only, each told once with the limit that it passed", () => {
    const after = { p50_ms: 400, p95_ms: 500, p99_ms: 900 };
    expect(found({}, after, "p95: 10%", "p99: 5ms", "p95: 1ms")).toEqual([
      "p95 of all requests: 210 ms → 500 ms (+138.1%), more than 10%",
      "p99 of all requests: 500 ms → 900 ms (+80.0%), more than 5ms",
    ]);
  });

  test("failures where there were none pass every percentage, and an amount only beyond it", () => {
    expect(found({ fail_ratio: 0 }, { fail_ratio: 0.004 }, "fail_ratio: 50%")).toHaveLength(1);
    expect(found({ fail_ratio: 0 }, { fail_ratio: 0.004 }, "fail_ratio: 0.5 points")).toHaveLength(0);
    expect(found({ fail_ratio: 0 }, { fail_ratio: 0.006 }, "fail_ratio: 0.5 points")).toHaveLength(1);
  });

  test("a lower rate is worse, a lower time is not", () => {
    expect(found({ rps: 40 }, { rps: 30, p95_ms: 1 }, "10%")).toEqual([
      "req/s of all requests: 40.0 → 30.0 (-25.0%), more than 10%",
    ]);
  });
});
