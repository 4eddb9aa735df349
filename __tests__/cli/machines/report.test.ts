import { toProgress } from "../../../cli/machines/cluster-progress";
import { toMembers } from "../../../cli/machines/members";
import { reportWait } from "../../../cli/machines/report";
import { EXIT } from "../../../cli/terminal/exit-codes";
import { Terminal } from "../../../cli/terminal/terminal";
import { OUTPUTS, record } from "../recorded-cluster";

/** What is said of a wait that has failed. */
function saidOf({ records, gone }: { records: Parameters<typeof record>[]; gone: readonly string[] }) {
  const members = toMembers({
    expected: OUTPUTS.nodes,
    records: records.map((each) => record(...each)),
    answer: undefined,
    gone: new Set(gone),
    region: "us-east-1",
  });
  const said: string[] = [];
  const terminal = Object.assign(new Terminal(), { line: (text = "") => void said.push(text) });
  const result = { outcome: "failed", progress: toProgress(members, { answer: undefined }) } as const;
  const code = reportWait(result, OUTPUTS, { timeout: 10 }, terminal);
  expect(code).toBe(EXIT.failed);
  return said;
}

describe("reportWait", () => {
  test("says where to look closer", () => {
    const failure = { step: "venv", exit_code: 1, message: "no space left", log: [] };
    const records: Parameters<typeof record>[] = [["master"], ["worker-1", { state: "failed", failure }]];
    expect(saidOf({ records, gone: [] }).at(-1)).toMatch(/^look closer with '.* ssh worker-1 -- /);
    expect(saidOf({ records, gone: ["i-master"] }).at(-1)).toMatch(/^look closer with '.* ssh worker-1 -- /);
  });

  test("leads to no log of machines that are gone", () => {
    expect(saidOf({ records: [["master"]], gone: ["i-worker-1"] })).toEqual([
      "worker-1 is gone: EC2 has no instance i-worker-1 any more; 'npx locust-cluster deploy' creates a new one",
    ]);
  });
});
