import { readFileSync } from "node:fs";
import { join } from "node:path";
import { projectRoot } from "../../lib/model/project";
import { actionsOf, statementsOf } from "../helpers/policies";

const POLICIES = ["deployer", "fleets", "regions", "state-bucket", "results-bucket", "tester"];

/** Characters of a managed policy, spaces aside (IAM User Guide, "IAM and AWS STS quotas"). */
const LIMIT = 6_144;

describe("docs/permissions.md", () => {
  const text = readFileSync(join(projectRoot(), "docs", "permissions.md"), "utf8");

  test("explains every statement, and none that is not there", () => {
    const rows = [...text.matchAll(/^\| ([\w-]+) +\| ([A-Z]\w+) +\|/gm)].map(([, policy, sid]) => [
      policy,
      sid,
    ]);
    const statements = POLICIES.flatMap((policy) => statementsOf([policy]).map(({ Sid }) => [policy, Sid]));
    expect(rows).toEqual(statements);
  });

  test.each(POLICIES)("%s.json names each action in full, once a statement, in order", (policy) => {
    for (const statement of statementsOf([policy])) {
      const actions = actionsOf(statement);
      expect(actions.filter((action) => action.includes("*"))).toEqual([]);
      expect(actions).toEqual([...new Set(actions)].sort((a, b) => a.localeCompare(b)));
    }
  });

  test.each(POLICIES)("%s.json fits into a managed policy", (policy) => {
    const json = readFileSync(join(projectRoot(), "docs", "permissions", `${policy}.json`), "utf8");
    expect(json.replace(/\s/g, "").length).toBeLessThanOrEqual(LIMIT);
  });
});
