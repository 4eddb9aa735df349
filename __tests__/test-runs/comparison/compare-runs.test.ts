import { explainSame, formatChange, renderComparison } from "../../../cli/terminal/runs/compare-table";
import { compareRuns, compareValues } from "../../../test-runs/comparison/compare-runs";
import { parseWorseLimit, regressions } from "../../../test-runs/comparison/worse-limit";
import { figures, fleet, FLEETS, request, run } from "../recorded-run";

const SAME = "same: within one counting step of response times, 0.1 points of failures or 1% of the rate";

describe("compareValues", () => {
  test.each([
    ["p95_ms", 200, 250, 0.25, "worse"],
    ["p95_ms", 250, 200, -0.2, "better"],
    ["rps", 100, 120, 0.2, "better"],
    ["rps", 100, 80, -0.2, "worse"],
    ["fail_ratio", 0, 0.02, null, "worse"],
    ["fail_ratio", 0.02, 0, -1, "better"],
    ["fail_ratio", 0, 0, 0, "same"],
    // Within the step in which response times are counted.
    ["p95_ms", 200, 201, 0.005, "same"],
    ["p95_ms", 200, 202, 0.01, "worse"],
    ["p95_ms", 2000, 2010, 0.005, "same"],
    ["p95_ms", 2000, 2020, 0.01, "worse"],
    ["fail_ratio", 0, 0.001, null, "same"],
    ["rps", 100, 99.5, -0.005, "same"],
  ] as const)("%s %d → %d", (metric, before, after, ratio, direction) => {
    expect(compareValues(metric, before, after)).toEqual({ metric, before, after, ratio, direction });
  });

  test("judges nothing where nothing was measured", () => {
    expect(compareValues("p95_ms", null, 200)).toMatchObject({ ratio: null, direction: "same" });
  });
});

describe("compareRuns", () => {
  const before = run({ requests: [request("/"), request("/old")], total: figures() });
  const after = run({ requests: [request("/new"), request("/", { p95_ms: 400 })], total: figures() });

  test("puts requests together by name, new ones behind, the sum last", () => {
    const { rows } = compareRuns(before, after);
    expect(rows.map(({ name, onlyIn }) => [name, onlyIn])).toEqual([
      ["GET /", null],
      ["GET /old", "before"],
      ["GET /new", "after"],
      ["all requests", null],
    ]);
  });

  test("says in what the runs differ besides their figures", () => {
    const other = run({
      request: { ...run().request, user_count: 200, host: "https://other.example" },
      state: "interrupted",
    });
    expect(compareRuns(run(), other).differences).toEqual([
      "state finished → interrupted",
      "host https://shop.example → https://other.example",
      "users 500 → 200",
    ]);
    expect(compareRuns(run(), run()).differences).toEqual([]);
  });

  test("says that the users had other shares, whatever their order", () => {
    const of = (shares: Record<string, string>) => run({ request: { ...run().request, shares } });
    const [even, some, same] = [of({}), of({ us: "40%", eu: "60%" }), of({ eu: "60%", us: "40%" })];
    expect(compareRuns(even, some).differences).toEqual(["shares of the users - → eu=60%, us=40%"]);
    expect(compareRuns(some, same).differences).toEqual([]);
  });

  test("says that the runs have asked for other machines of fleets, whatever their order", () => {
    const of = (fleets: Record<string, number>) => run({ request: { ...run().request, fleets } });
    expect(compareRuns(of({ us: 5, eu: 10 }), of({ eu: 10, us: 6 })).differences).toEqual([
      "machines of fleets eu=10, us=5 → eu=10, us=6",
    ]);
    expect(compareRuns(of({ us: 5, eu: 10 }), of({ eu: 10, us: 5 })).differences).toEqual([]);
    expect(compareRuns(run(), of({})).differences).toEqual([]);
  });

  test("renders a line for each figure", () => {
    const comparison = compareRuns(
      run({ requests: [] }),
      run({ requests: [], total: figures({ p95_ms: 105, fail_ratio: 0.02, failures: 24 }) }),
    );
    expect(renderComparison(comparison, ["first", "second"])).toBe(
      [
        "request                  first  second  change",
        "all requests  req/s       40.0    40.0    0.0%  same",
        "              failures      0%      2%  from 0  worse",
        "              p50        80 ms   80 ms    0.0%  same",
        "              p95       210 ms  105 ms  -50.0%  better",
        "              p99       500 ms  500 ms    0.0%  same",
      ].join("\n"),
    );
  });

  test("compares the fleets that both runs have, and says which only one has", () => {
    const before = run({ requests: [], fleet_figures: FLEETS });
    const after = run({
      requests: [],
      fleet_figures: { ap: fleet("ap-south-1", 1), eu: fleet("eu-central-1", 300, { p95_ms: 270 }) },
    });
    const comparison = compareRuns(before, after);
    expect(comparison.fleets!.map(({ name, onlyIn }) => [name, onlyIn])).toEqual([
      ["ap", "after"],
      ["eu", null],
      ["us", "before"],
      ["workers", "before"],
    ]);
    expect(renderComparison(comparison, ["first", "second"]).split("\n\n").slice(1)).toEqual([
      [
        "fleet             first  second  change",
        "eu     req/s       24.0    40.0  +66.7%  better",
        "       failures      0%      0%    0.0%  same",
        "       p50        80 ms   80 ms    0.0%  same",
        "       p95       180 ms  270 ms  +50.0%  worse",
        "       p99       500 ms  500 ms    0.0%  same",
      ].join("\n"),
      ["only run first has figures of fleets: us, workers", "only run second has figures of fleets: ap"].join(
        "\n",
      ),
    ]);
  });

  test("says nothing of fleets where no run has any", () => {
    for (const fleet_figures of [undefined, {}])
      expect(compareRuns(run(), run({ fleet_figures }))).toStrictEqual(compareRuns(run(), run()));
    expect(compareRuns(run(), run())).not.toHaveProperty("fleets");
    const shown = renderComparison(compareRuns(run(), run({ fleet_figures: FLEETS })), ["old", "new"]);
    expect(shown.split("\n\n").slice(1)).toEqual(["only run new has figures of fleets: eu, us, workers"]);
  });

  test("a fleet fails no limit: its users and machines may be others", () => {
    const before = run({ fleet_figures: FLEETS });
    const after = run({ fleet_figures: { eu: fleet("eu-central-1", 1, { p95_ms: 9000 }) } });
    expect(regressions(compareRuns(before, after), [parseWorseLimit("10%")])).toEqual([]);
  });

  test.each([
    ["a step of the response time", { p50_ms: 81 }, SAME],
    ["a hundredth of the rate", { rps: 40.4 }, SAME],
    ["nothing", {}, undefined],
    ["a figure that is worse", { p95_ms: 400 }, undefined],
  ])("explains what is the same after a change of %s", (_title, changed, said) => {
    const after = run({ requests: [], total: figures(changed) });
    expect(explainSame(compareRuns(run({ requests: [] }), after))).toBe(said);
  });

  test("explains nothing of a request that only one run made", () => {
    expect(
      explainSame(compareRuns(run({ requests: [] }), run({ requests: [request("/")] }))),
    ).toBeUndefined();
  });

  test("shows no sign for what rounds to nothing", () => {
    expect(formatChange({ ratio: -0.0001, before: 1, after: 1 })).toBe("0.0%");
  });
});
