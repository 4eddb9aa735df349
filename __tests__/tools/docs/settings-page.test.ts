import { readFileSync } from "node:fs";
import { join } from "node:path";
import { projectRoot } from "../../../lib/model/project";
import { withSettingsTable } from "../../../tools/docs/settings-page";

describe("docs/settings.md", () => {
  const page = readFileSync(join(projectRoot(), "docs", "settings.md"), "utf8");

  test("has the table of settings that the schema gives (else run 'npm run docs')", () => {
    expect(page).toBe(withSettingsTable(page));
  });

  test("cannot lose the place of the table silently", () => {
    expect(() => withSettingsTable("# something else")).toThrow(
      "docs/settings.md has lost the comments around its table",
    );
  });
});
