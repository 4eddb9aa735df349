import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { projectRoot } from "../../lib/model/project";

export interface Source {
  /** Path in the project, e.g. `cli/index.ts`. */
  readonly file: string;
  readonly text: string;
}

/** What the command line consists of, for rules that hold for all of it. */
export function commandLineSources(): Source[] {
  return ["aws", "cli", "test-runs"].flatMap((folder) =>
    readdirSync(join(projectRoot(), folder), { recursive: true, encoding: "utf8" })
      .filter((name) => name.endsWith(".ts"))
      .map((name) => join(folder, name))
      .map((file) => ({ file, text: readFileSync(join(projectRoot(), file), "utf8") })),
  );
}
