import { execFileSync } from "node:child_process";
import { renderLiveLine } from "../../../cli/terminal/runs/live-line";
import { outcomeOf } from "../../../cli/terminal/runs/outcome";
import { renderRun } from "../../../cli/terminal/runs/run-report";
import { toJunit } from "../../../test-runs/formats/junit";
import { toMarkdown } from "../../../test-runs/formats/summary";
import { request, run, running, verdict } from "../recorded-run";

const plain = (_colour: string, text: string) => text;

describe("outcomeOf", () => {
  test.each([
    ["finished", null, 0, "finished"],
    ["finished", true, 0, "passed"],
    ["finished", false, 1, "missed"],
    ["failed", null, 3, "failed"],
    ["failed", true, 3, "failed"],
    ["interrupted", false, 3, "interrupted"],
    ["cancelled", true, 3, "cancelled"],
  ] as const)("%s with verdict %s is exit code %d", (state, passed, exitCode, word) => {
    expect(outcomeOf({ state, passed })).toMatchObject({ exitCode, word });
  });
});

describe("renderLiveLine", () => {
  test("shows time, bar and the last seconds", () => {
    expect(renderLiveLine(running(), 120, plain)).toBe(
      "running  ██████████░░░░░░░░░░  15s of 30s  500 users  1,234.6 req/s  0 failures/s  p95 210 ms",
    );
  });

  test("leaves the bar out where it has no room, and where nobody knows the end", () => {
    expect(renderLiveLine(running(), 80, plain)).not.toContain("█");
    const open = running({ progress: { elapsed_s: 75, run_time_s: null, phase: "warm_up" } });
    expect(renderLiveLine(open, 120, plain)).toMatch(/^warming up {2}1m15s {2}500 users/);
  });

  test("says what a run waits for", () => {
    const reason = "waiting: 2 of 4 worker processes are connected";
    expect(renderLiveLine(running({ state: "waiting", reason, now: null }), 120, plain)).toBe(
      "waiting  2 of 4 worker processes are connected",
    );
  });
});

describe("renderRun", () => {
  test("shows table and verdicts", () => {
    const verdicts = [
      verdict("p95 < 300ms", true, "210 ms, below 300 ms"),
      verdict("fail_ratio < 1%", false, "2.5%, not below 1%"),
    ];
    const requests = [request("/checkout", { failures: 30, fail_ratio: 0.025 })];
    expect(renderRun(run({ passed: false, verdicts, requests }))).toBe(
      [
        "run 20261121-110432-checkout missed: fail_ratio < 1%: 2.5%, not below 1%",
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

/** Python's own parser reads it back. */
function parseXml(xml: string): { tag: string; attributes: Record<string, string>; inside: string[] }[] {
  const script = `
import json, sys, xml.etree.ElementTree as tree
root = tree.fromstring(sys.stdin.buffer.read())
print(json.dumps([{"tag": e.tag, "attributes": e.attrib, "inside": [c.tag for c in e]} for e in root.iter()]))`;
  return JSON.parse(execFileSync("python3", ["-c", script], { input: xml, encoding: "utf8" })) as never;
}

describe("toJunit", () => {
  test("has a case for the run and one for each threshold", () => {
    const verdicts = [verdict("p95 < 300ms", true), verdict("rps > 500", false, "40/s, not above 500/s")];
    const elements = parseXml(toJunit(run({ passed: false, verdicts })));
    const cases = elements.filter(({ tag }) => tag === "testcase");
    expect(cases.map(({ attributes, inside }) => [attributes["name"], inside])).toEqual([
      ["run 20261121-110432-checkout", []],
      ["p95 < 300ms", []],
      ["rps > 500", ["failure"]],
    ]);
    expect(elements.find(({ tag }) => tag === "testsuite")!.attributes).toMatchObject({
      tests: "3",
      failures: "1",
      errors: "0",
      time: "30.000",
      timestamp: "2026-11-21T11:04:32",
    });
  });

  test("tells a run that did not come to its end as an error, and its open thresholds as skipped", () => {
    const broken = run({
      state: "interrupted",
      reason: "the master was killed",
      verdicts: [verdict("p95 < 300ms", null)],
    });
    const cases = parseXml(toJunit(broken)).filter(({ tag }) => tag === "testcase");
    expect(cases.map(({ inside }) => inside)).toEqual([["error"], ["skipped"]]);
  });

  test("survives names that XML has no way to write", () => {
    const name = "a<b>&\"'\u0000\u001b[31m\ud800 ü 🦗\n]]>";
    const elements = parseXml(toJunit(run({ name, verdicts: [verdict(name, false, name)] })));
    expect(elements.at(-1)!.attributes["message"]).toBe("a<b>&\"'[31m ü 🦗\n]]>");
  });
});

describe("toMarkdown", () => {
  test("has both tables", () => {
    expect(toMarkdown(run())).toBe(
      [
        "## ✅ Load test checkout passed",
        "",
        "Run `20261121-110432-checkout`: its run time is over. 500 users, 50/s, ran for 30s, https://shop.example, 4 worker processes.",
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

  test("lets no name break a table", () => {
    const rows = toMarkdown(run({ requests: [request("/a|b\n<img src=x>")] })).split("\n");
    const row = rows.find((line) => line.startsWith("| GET /a"))!;
    expect(row.match(/\|/g)).toHaveLength(8);
    expect(row).not.toContain("<img");
  });
});
