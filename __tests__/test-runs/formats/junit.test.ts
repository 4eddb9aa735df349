import { execFileSync } from "node:child_process";
import { toJunit } from "../../../test-runs/formats/junit";
import { FLEETS, interruption, run, verdict } from "../recorded-run";

/** Python's own parser reads it back. */
function parseXml(xml: string): { tag: string; attributes: Record<string, string>; inside: string[] }[] {
  const script = `
import json, sys, xml.etree.ElementTree as tree
root = tree.fromstring(sys.stdin.buffer.read())
print(json.dumps([{"tag": e.tag, "attributes": e.attrib, "inside": [c.tag for c in e]} for e in root.iter()]))`;
  return JSON.parse(execFileSync("python3", ["-c", script], { input: xml, encoding: "utf8" })) as never;
}

const INTERRUPTIONS = { count: 2, machines: [interruption()] };

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

  test("has the interruptions as properties, and no properties without", () => {
    const properties = parseXml(toJunit(run({ interruptions: INTERRUPTIONS }))).filter(
      ({ tag }) => tag === "property",
    );
    expect(properties.map(({ attributes }) => [attributes["name"], attributes["value"]])).toEqual([
      ["interruptions", "2"],
      ["interruption", "eu-1 of fleet eu at 12s (spot notice)"],
    ]);
    expect(toJunit(run())).not.toContain("propert");
  });

  test("has the figures of fleets as properties of the suite", () => {
    const elements = parseXml(toJunit(run({ fleet_figures: FLEETS })));
    expect(elements.find(({ tag }) => tag === "testsuite")!.inside).toEqual([
      ...["properties", "testcase", "testcase"],
    ]);
    const properties = elements.filter(({ tag }) => tag === "property").map(({ attributes }) => attributes);
    const of = (fleet: string) =>
      properties
        .filter(({ name }) => name!.startsWith(`fleet.${fleet}.`))
        .map(({ name, value }) => `${name} ${value}`);
    expect(of("eu")).toEqual([
      "fleet.eu.region eu-central-1",
      "fleet.eu.users_max 300",
      "fleet.eu.requests 720",
      "fleet.eu.failures 0",
      "fleet.eu.fail_ratio 0",
      "fleet.eu.rps 24",
      "fleet.eu.p50_ms 80",
      "fleet.eu.p95_ms 180",
      "fleet.eu.p99_ms 500",
      "fleet.eu.max_ms 900",
    ]);
    // Nothing was measured: no property.
    expect(of("us")).not.toContainEqual(expect.stringContaining("p99_ms"));
    expect(properties).toHaveLength(29);
  });

  test.each([undefined, {}])("has no properties without fleets", (fleet_figures) => {
    expect(toJunit(run({ fleet_figures }))).toBe(toJunit(run()));
    expect(toJunit(run())).not.toContain("propert");
  });

  test("survives names that XML has no way to write", () => {
    const name = "a<b>&\"'\u0000\u001b[31m\ud800 ü 🦗\n]]>";
    const elements = parseXml(toJunit(run({ name, verdicts: [verdict(name, false, name)] })));
    expect(elements.at(-1)!.attributes["message"]).toBe("a<b>&\"'[31m ü 🦗\n]]>");
  });
});
