import { readFileSync } from "node:fs";
import { join } from "node:path";
import stringWidth from "string-width";
import { projectRoot } from "../../lib/model/project";
import { unknownOptions } from "../helpers/command-line";
import { DOCUMENTS } from "../helpers/documents";

const read = (...path: string[]) => readFileSync(join(projectRoot(), ...path), "utf8");
const readme = read("README.md");

/** Fenced blocks of a language. */
function blocks(language: string, document = readme): string[] {
  return [...document.matchAll(new RegExp(`^\`\`\`${language}\n(.*?)^\`\`\`$`, "gms"))].map(
    ([, text = ""]) => text,
  );
}

/** Metrics in the table of a document's section on thresholds. */
function metrics(text: string): string[] {
  const [, section = ""] = text.split(/^##+ Thresholds$/m);
  const table = /^\| metric.*\n\|.*\n((?:\|.*\n)+)/m.exec(section)?.[1] ?? "";
  return [...table.matchAll(/^\|([^|]+)\|/gm)].map(([, cell = ""]) => cell.trim());
}

/** Commands of ours in a document. */
function commands(document: string): string[] {
  return [...blocks("console", document), ...blocks("text", document)]
    .flatMap((block) => block.split("\n"))
    .map((line) => line.replace(/^(\$|sudo) /, "").replace(/^npm start -- /, "npx locust-cluster local "))
    .filter((line) => line.startsWith("npx locust-cluster "))
    .map((line) => line.replace(/ +#.*/, ""));
}

test.each(DOCUMENTS.flatMap((path) => commands(read(path)).map((line) => ({ path, line }))))(
  "$path: the command line takes $line",
  ({ line }) => {
    expect(unknownOptions(line)).toEqual([]);
  },
);

describe("README.md", () => {
  test("shows commands", () => {
    expect(commands(readme).length).toBeGreaterThan(10);
  });

  test("has less than 200 lines", () => {
    expect(readme.split("\n").length).toBeLessThanOrEqual(200);
  });

  test("shows a terminal of 80 columns up to the first compared pair of runs", () => {
    const [start, ...sessions] = blocks("text");
    const shown = [start!, ...sessions.filter((block) => block.startsWith("$ "))].join("").split("\n");
    expect(shown.filter((line) => stringWidth(line) > 80)).toEqual([]);
    expect(shown.join("\n")).toMatch(
      /local cluster is ready.*^passed .*^0$.*^missed .*^1$.*compare last~1 last.*^all requests/ms,
    );
  });
});

test("docs/cli.md has the metrics of thresholds that docs/api.md has", () => {
  const listed = metrics(read("docs", "cli.md"));
  expect(listed).toEqual(metrics(read("docs", "api.md")));
  expect(listed).toHaveLength(7);
});

describe("docs/writing-tests.md", () => {
  const python = blocks("python", read("docs", "writing-tests.md"));

  test("shows three recipes", () => {
    expect(python).toHaveLength(3);
  });

  test.each(python)("a recipe has the lines of %s", (block) => {
    const recipes = ["shape", "rows", "rank"].map((name) =>
      read("recipes", name, "locustfile.py").split("\n"),
    );
    const lines = block.split("\n").map((line) => line.replace(/ {2}# .*/, ""));
    expect(recipes.map((recipe) => lines.filter((line) => !recipe.includes(line)))).toContainEqual([]);
  });
});

test("docs/project.md names the package that 'npm pack' makes", () => {
  const { version } = JSON.parse(read("package.json")) as { version: string };
  expect(read("docs", "project.md")).toContain(`/locust-cluster-${version}.tgz`);
});
