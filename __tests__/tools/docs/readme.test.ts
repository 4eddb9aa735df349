import { readFileSync } from "node:fs";
import { join } from "node:path";
import { projectRoot } from "../../../lib/model/project";
import { withSettingsTable } from "../../../tools/docs/readme";

describe("README", () => {
  const readme = readFileSync(join(projectRoot(), "README.md"), "utf8");

  test("has the table of settings that the schema gives (else run 'npm run docs')", () => {
    expect(readme).toBe(withSettingsTable(readme));
  });

  test("cannot lose the place of the table silently", () => {
    expect(() => withSettingsTable("# something else")).toThrow(
      "README.md has lost the comments around its table of settings",
    );
  });
});
