import { renderLiveFleets } from "../../../../cli/terminal/runs/live-fleets";
import type { Run } from "../../../../test-runs/run/run-api";
import { FLEETS, running } from "../../../test-runs/recorded-run";

const plain = (_colour: string, text: string) => text;

const now = (users: number, failures_per_s: number) => ({
  ...{ users, rps: users * 3, failures_per_s, p50_ms: 1 },
  ...{ p95_ms: users > 1 ? 210 : null, p99_ms: null },
});

describe("renderLiveFleets", () => {
  const fleet_figures = {
    eu: { ...FLEETS["eu"]!, now: now(1200, 0) },
    us: { ...FLEETS["us"]!, now: now(1, 0.5) },
    workers: FLEETS["workers"]!,
  };

  test("shows the last seconds of each fleet that has been looked at", () => {
    expect(renderLiveFleets(running({ fleet_figures }), 120, plain)).toBe(
      [
        "  eu  1,200 users  3,600.0 req/s    0 failures/s  p95 210 ms",
        "  us      1 users      3.0 req/s  0.5 failures/s       p95 -",
      ].join("\n"),
    );
  });

  test("fits into the terminal", () => {
    const lines = renderLiveFleets(running({ fleet_figures }), 50, plain).split("\n");
    expect(lines.map((line) => line.length < 50)).toEqual([true, true]);
    expect(lines[0]).not.toContain("failures");
  });

  test("says nothing where one line says all", () => {
    for (const fleets of [undefined, {}, { eu: fleet_figures.eu }] as Run["fleet_figures"][])
      expect(renderLiveFleets(running({ fleet_figures: fleets }), 120, plain)).toBe("");
  });
});
