import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { projectRoot } from "../../lib/model/project";
import { DOCUMENTS } from "../helpers/documents";

const files = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard"], {
  cwd: projectRoot(),
  encoding: "utf8",
}).split("\n");

/** Paths of code in backticks: whole, or from some folder on (`runs/driver.py`). Not patterns, and nothing that a command makes. */
function pathsIn(document: string): string[] {
  const text = readFileSync(join(projectRoot(), document), "utf8");
  return [...text.matchAll(/`([\w./-]+\.(?:ts|py|sh|js|svg|schema\.json))`/g)]
    .map(([, path = ""]) => path)
    .filter((path) => !path.startsWith("dist/"));
}

test.each(DOCUMENTS)("%s names only files that there are", (document) => {
  const paths = pathsIn(document);
  expect(paths.filter((path) => !files.some((file) => `/${file}`.endsWith(`/${path}`)))).toEqual([]);
});

test("the documents name files", () => {
  expect(DOCUMENTS.flatMap(pathsIn).length).toBeGreaterThan(50);
});
