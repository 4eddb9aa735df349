import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { projectRoot } from "../../lib/model/project";

const TESTS = join(projectRoot(), "__tests__");
const OTHER_SUITES = /^(integration|machines)\//;

/** Of the suite `unit`, which `npm test` runs. */
const unit = readdirSync(TESTS, { recursive: true, encoding: "utf8" }).filter(
  (file) => file.endsWith(".test.ts") && !file.endsWith(".command.test.ts") && !OTHER_SUITES.test(file),
);

test("'npm test' runs no whole commands: such a test is called *.command.test.ts", () => {
  const slow = unit.filter((file) =>
    /from ".*\/stub-(project|deployments)"/.test(readFileSync(join(TESTS, file), "utf8")),
  );
  expect(unit.length).toBeGreaterThan(100);
  expect(slow).toEqual([]);
});
