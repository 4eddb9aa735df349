import { readFileSync } from "node:fs";
import { join } from "node:path";
import { projectRoot } from "../../lib/model/project";

const FOLDER = join(projectRoot(), "docs");
const [, section = ""] = readFileSync(join(FOLDER, "store.md"), "utf8").split("\n## What a failure costs\n");
const rows = section
  .split("\n")
  .filter((line) => line.startsWith("| "))
  .slice(2)
  .map((line) => line.split("|").map((cell) => cell.trim()))
  .map(([, moment = "", cost = "", proof = ""]) => ({ moment, cost, proof }));

test.each(["manifest", "node-record"])("names every field of %s.schema.json", (name) => {
  const text = readFileSync(join(FOLDER, "store.md"), "utf8");
  const schema = readFileSync(join(projectRoot(), "protocol", `${name}.schema.json`), "utf8");
  const { properties } = JSON.parse(schema) as { properties: object };
  const isNamed = (field: string) => new RegExp(`[\`"]${field}[\`"]`).test(text);
  expect(Object.keys(properties).filter((field) => !isNamed(field))).toEqual([]);
});

/** A claim about what a failure costs is worth as much as the test that shows it. */
describe("the table of failures", () => {
  test("has rows, and says of each what it costs", () => {
    expect(rows.length).toBeGreaterThan(20);
    expect(rows.filter(({ cost }) => cost === "")).toEqual([]);
  });

  test.each(rows)("$moment: names a test that there is, or says why there is none", ({ proof }) => {
    const links = [...proof.matchAll(/\[([^\]]+)\]\(([^)]+)\)/g)];
    if (links.length === 0) return expect(proof).toMatch(/^no test: /);
    for (const [, words, file] of links) expect(readFileSync(join(FOLDER, file!), "utf8")).toContain(words);
  });
});
