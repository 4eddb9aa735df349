import { toMarkdown } from "../../../test-runs/formats/summary";
import { fleet, FLEETS, interruption, request, run } from "../recorded-run";

const INTERRUPTIONS = { count: 2, machines: [interruption()] };

describe("toMarkdown", () => {
  test("has both tables", () => {
    expect(toMarkdown(run())).toBe(
      [
        "## ✅ Load test checkout passed",
        "",
        "Run `20261121-110432-checkout`. 500 users, 50/s, ran for 30s, https://shop.example, 4 worker processes.",
        "",
        "| | threshold | result |",
        "| --- | --- | --- |",
        "| ✅ | <code>p95 &#60; 300ms</code> | 210 ms, below 300 ms |",
        "",
        "| request | requests | failures | req/s | p50 | p95 | p99 |",
        "| --- | --: | --: | --: | --: | --: | --: |",
        "| GET /checkout | 1,200 | 0% | 40.0 | 80 ms | 210 ms | 500 ms |",
        "| **all requests** | 1,200 | 0% | 40.0 | 80 ms | 210 ms | 500 ms |",
        "",
      ].join("\n"),
    );
  });

  test("says which machines AWS took back", () => {
    const lines = toMarkdown(run({ interruptions: INTERRUPTIONS })).split("\n");
    expect(lines[4]).toBe(
      "AWS took 2 machines back with a notice: eu-1 of fleet eu at 12s (spot notice); 1 more.",
    );
    expect(toMarkdown(run({ interruptions: { count: 0, machines: [] } }))).toBe(toMarkdown(run()));
  });

  test("has a table of fleets below, if there are any", () => {
    expect(toMarkdown(run({ fleet_figures: FLEETS }))).toBe(
      [
        toMarkdown(run()),
        "| fleet | region | most users | requests | failures | req/s | p50 | p95 | p99 |",
        "| --- | --- | --: | --: | --: | --: | --: | --: | --: |",
        "| eu | eu-central-1 | 300 | 720 | 0% | 24.0 | 80 ms | 180 ms | 500 ms |",
        "| us | us-east-1 | 150 | 360 | 2.5% | 12.0 | 80 ms | 210 ms | - |",
        "| workers | us-east-1 | 50 | 120 | 0% | 4.0 | 80 ms | 210 ms | 500 ms |",
        "",
      ].join("\n"),
    );
    expect(toMarkdown(run({ fleet_figures: {} }))).toBe(toMarkdown(run()));
  });

  test("lets no fleet of a damaged file break a table", () => {
    const markdown = toMarkdown(run({ fleet_figures: { "a|b\n<img src=x>": fleet("a|b", 1) } }));
    const row = markdown.split("\n").find((line) => line.startsWith("| a"))!;
    expect(row.match(/\|/g)).toHaveLength(10);
    expect(row).not.toContain("<img");
  });

  test("lets no name break a table", () => {
    const rows = toMarkdown(run({ requests: [request("/a|b\n<img src=x>")] })).split("\n");
    const row = rows.find((line) => line.startsWith("| GET /a"))!;
    expect(row.match(/\|/g)).toHaveLength(8);
    expect(row).not.toContain("<img");
  });
});
