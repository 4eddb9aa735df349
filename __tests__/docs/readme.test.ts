import { readFileSync } from "node:fs";
import { join } from "node:path";
import stringWidth from "string-width";
import { projectRoot } from "../../lib/model/project";
import { unknownOptions } from "../helpers/command-line";

const read = (...path: string[]) => readFileSync(join(projectRoot(), ...path), "utf8");
const readme = read("README.md");

/** Fenced blocks of a language. */
function blocks(language: string): string[] {
  return [...readme.matchAll(new RegExp(`^\`\`\`${language}\n(.*?)^\`\`\`$`, "gms"))].map(
    ([, text = ""]) => text,
  );
}

/** Metrics in the table of a document's section on thresholds. */
function metrics(text: string): string[] {
  const [, section = ""] = text.split(/^### Thresholds$/m);
  const table = /^\| metric.*\n\|.*\n((?:\|.*\n)+)/m.exec(section)?.[1] ?? "";
  return [...table.matchAll(/^\|([^|]+)\|/gm)].map(([, cell = ""]) => cell.trim());
}

describe("README.md", () => {
  const lines = [...blocks("console"), ...blocks("text")]
    .flatMap((block) => block.split("\n"))
    .map((line) => line.replace(/^\$ /, "").replace(/^npm start -- /, "npx locust-cluster local "))
    .filter((line) => line.startsWith("npx locust-cluster "))
    .map((line) => line.replace(/ +#.*/, ""));

  test("shows commands", () => {
    expect(lines.length).toBeGreaterThan(10);
  });

  test.each(lines)("%s: the command line takes it", (line) => {
    expect(unknownOptions(line)).toEqual([]);
  });

  test("shows a terminal of 80 columns up to the first compared pair of runs", () => {
    const [start, ...sessions] = blocks("text");
    const shown = [start!, ...sessions.filter((block) => block.startsWith("$ "))].join("").split("\n");
    expect(shown.filter((line) => stringWidth(line) > 80)).toEqual([]);
    expect(shown.join("\n")).toMatch(
      /local cluster is ready.*^passed .*^0$.*^missed .*^1$.*compare last~1 last.*^all requests/ms,
    );
  });

  test("has the metrics of thresholds that docs/api.md has", () => {
    expect(metrics(readme)).toEqual(metrics(read("docs", "api.md")));
    expect(metrics(readme)).toHaveLength(7);
  });

  test.each(blocks("python"))("a recipe has the lines of %s", (block) => {
    const recipes = ["shape", "rows"].map((name) => read("recipes", name, "locustfile.py").split("\n"));
    const lines = block.split("\n").map((line) => line.replace(/ {2}# .*/, ""));
    expect(recipes.map((recipe) => lines.filter((line) => !recipe.includes(line)))).toContainEqual([]);
  });

  test("names the package that 'npm pack' makes", () => {
    const { version } = JSON.parse(read("package.json")) as { version: string };
    expect(readme).toContain(`/locust-cluster-${version}.tgz`);
  });
});
