import { renderRun } from "../../../../cli/terminal/runs/run-report";
import { FLEETS, fleet, request, run, running, verdict } from "../../../test-runs/recorded-run";

describe("renderRun", () => {
  test("shows table and verdicts", () => {
    const verdicts = [
      verdict("p95 < 300ms", true, "210 ms, below 300 ms"),
      verdict("fail_ratio < 1%", false, "2.5%, not below 1%"),
    ];
    const requests = [request("/checkout", { failures: 30, fail_ratio: 0.025 })];
    expect(renderRun(run({ passed: false, verdicts, requests }))).toBe(
      [
        "run 20261121-110432-checkout missed: fail_ratio < 1% (2.5%, not below 1%)",
        "500 users, 50/s, ran for 30s, https://shop.example, 4 worker processes",
        "",
        "request        requests   failures  req/s    avg    p50     p95     p99     max",
        "GET /checkout     1,200  30 (2.5%)   40.0  90 ms  80 ms  210 ms  500 ms  900 ms",
        "all requests      1,200          0   40.0  90 ms  80 ms  210 ms  500 ms  900 ms",
        "",
        "passed  p95 < 300ms      210 ms, below 300 ms  (steps of 1 ms)",
        "missed  fail_ratio < 1%  2.5%, not below 1%    (steps of 1 ms)",
      ].join("\n"),
    );
  });

  test("shows a table of fleets below that of requests, if there are any", () => {
    const shown = renderRun(run({ fleet_figures: FLEETS })).split("\n\n");
    expect([...shown.slice(0, 2), ...shown.slice(3)].join("\n\n")).toBe(renderRun(run()));
    expect(shown[2]).toBe(
      [
        "fleet    region        most users  requests  failures  req/s    avg    p50     p95     p99     max",
        "eu       eu-central-1         300       720         0   24.0  90 ms  80 ms  180 ms  500 ms  900 ms",
        "us       us-east-1            150       360  9 (2.5%)   12.0  90 ms  80 ms  210 ms       -  900 ms",
        "workers  us-east-1             50       120         0    4.0  90 ms  80 ms  210 ms  500 ms  900 ms",
      ].join("\n"),
    );
    expect(renderRun(run({ fleet_figures: {} }))).toBe(renderRun(run()));
  });

  test.each([40, 60, 80])("fits fleets into %d columns", (width) => {
    const lines = renderRun(run({ fleet_figures: FLEETS }), { width })
      .split("\n\n")[2]!
      .split("\n");
    expect(lines.every((line) => line.length <= width)).toBe(true);
    expect(lines[2]).toMatch(/^us .* 12.0 .*210 ms/);
  });

  test("obeys no character in a fleet of a damaged file", () => {
    const shown = renderRun(run({ fleet_figures: { "\u001b[2J\nx": fleet("\r", 1) } }));
    expect(shown).toContain("\\x1b[2J\\nx");
  });

  test("says no more than 'passed' of a run that ended as planned", () => {
    expect(renderRun(run())).toMatch(/^run 20261121-110432-checkout passed\n500 users, 50\/s, ran for 30s/);
  });

  test("calls a verdict open only as long as it may come", () => {
    const verdicts = [verdict("p95 < 300ms", null, "as the master says")];
    expect(renderRun(running({ verdicts }))).toMatch(/^open {2}p95 < 300ms {2}as the master says/m);
    expect(renderRun(run({ state: "interrupted", passed: null, verdicts }))).toMatch(/^- {2}p95 < 300ms/m);
  });

  test("shows a run without figures", () => {
    const empty = run({
      state: "failed",
      reason: "not ready after 2m",
      total: null,
      requests: [],
      verdicts: [],
    });
    expect(renderRun(empty)).toMatch(/^run \S+ failed: not ready after 2m\n500 users.*$/);
  });
});
