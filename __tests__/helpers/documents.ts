import { readdirSync } from "node:fs";
import { join } from "node:path";
import { projectRoot } from "../../lib/model/project";

/** The documents for people, relative to the project. */
export const DOCUMENTS = [
  "README.md",
  "CONTRIBUTING.md",
  ...readdirSync(join(projectRoot(), "docs"))
    .filter((name) => name.endsWith(".md"))
    .map((name) => join("docs", name)),
];
