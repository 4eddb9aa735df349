import { judgeInspection } from "../../../../cli/deploy/preflight/test-check";
import { loadCluster } from "../../../../lib/model/config";

test.each([
  [
    "machines that have a newer Python",
    "3.13",
    "if the line needs Python 3.13, which the machines run, install that on this computer too",
  ],
  ["machines that have the same Python", "3.11", undefined],
  ["a local cluster, which has this computer's Python", undefined, undefined],
])("of a syntax error for %s", (_what, target, hint) => {
  const error = { file: "locustfile.py", line: 3, message: "invalid syntax" };
  const inspection = { python: "3.11", options: [], locustfiles: ["locustfile.py"], error };
  const judge = () => judgeInspection(inspection, loadCluster({ env: {} }), target);
  expect(judge).toThrow(/locustfile\.py:3: not valid Python 3\.11: invalid syntax$/);
  expect(judge).toThrow(expect.objectContaining({ hint }) as Error);
});
