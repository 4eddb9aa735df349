import { failedMachines } from "../../../cli/machines/cluster-progress";
import { describeMachine, renderClusterTable, renderFailures } from "../../../cli/machines/cluster-table";
import { answer, bootingAt, node, progressOf, record } from "../recorded-cluster";

const FAILED = record("worker-2", {
  state: "failed",
  stage: "environment",
  steps: [{ name: "identity", seconds: 0.1 }],
  failure: {
    step: "environment",
    exit_code: 22,
    message: "env/0123.tar.gz: 403 for 300 s",
    log: ["curl: (22) 403", "giving up"],
  },
});

const progress = progressOf(
  [node("master"), node("worker-1"), node("worker-2"), node("worker-3")],
  [record("master"), bootingAt("environment", "worker-1"), FAILED],
  answer({}),
);

describe("renderClusterTable", () => {
  test("shows machine × boot step on a wide terminal", () => {
    expect(renderClusterTable(progress, { columns: 100 })).toBe(
      [
        "machine   identity  store  bundle  timers  environment  system  secret  units  connected",
        "master       0.1 s  1.2 s   0.3 s   0.4 s        2.3 s   0.2 s   0.1 s  0.5 s  page answers",
        "worker-1     0.1 s  1.2 s   0.3 s   0.4 s            …               -         0 of 2 processes",
        "worker-2     0.1 s                              failed               -         failed",
        "worker-3                                                             -         no report yet",
      ].join("\n"),
    );
  });

  test("shows the step alone on a narrow one", () => {
    expect(renderClusterTable(progress, { columns: 80 })).toBe(
      [
        "machine   state                  boot  connected",
        "master    ready                 5.1 s  page answers",
        "worker-1  booting: environment  2.0 s  0 of 2 processes",
        "worker-2  failed: environment   0.1 s  failed",
        "worker-3  waiting               0.0 s  no report yet",
      ].join("\n"),
    );
  });

  test.each([60, 80])("fits into %d columns, whatever step a machine of a long name is at", (columns) => {
    const name = "worker-1000";
    const failed = { ...FAILED, name, instance_id: `i-${name}`, stage: "environment" };
    const long = progressOf([node("master"), node(name)], [record("master"), failed], answer({}));
    const lines = renderClusterTable(long, { columns }).split("\n");
    expect(lines).toHaveLength(3);
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(columns);
  });

  test("leaves out ready machines first when there are too many", () => {
    const names = Array.from({ length: 40 }, (_, index) => `worker-${index + 1}`);
    const records = names.map((name) => (name === "worker-33" ? bootingAt("store", name) : record(name)));
    const many = progressOf([node("master"), ...names.map((name) => node(name))], records, undefined);
    const lines = renderClusterTable(many, { columns: 100, rows: 4 }).split("\n");
    expect(lines.map((line) => line.split(" ")[0])).toEqual([
      "machine",
      "master",
      "worker-1",
      "worker-2",
      "worker-33",
      "…",
    ]);
    expect(lines.at(-1)).toBe("… and 37 more");
  });

  test("is never wider than the terminal of 90 columns that it asks for, for the usual names", () => {
    for (const line of renderClusterTable(progress, { columns: 100 }).split("\n"))
      expect(line.length).toBeLessThan(100);
  });
});

test("a failure is told with step, exit code, reason and the end of the log", () => {
  expect(renderFailures(failedMachines(progress))).toBe(
    "worker-2 failed at 'environment' (exit code 22): env/0123.tar.gz: 403 for 300 s\n    curl: (22) 403\n    giving up",
  );
});

test("a machine fits in a line where nothing can be drawn", () => {
  expect(progress.machines.map((machine) => describeMachine(machine, progress))).toEqual([
    "master: ready, page answers",
    "worker-1: boot step 'environment'",
    "worker-2: failed, 0 of 2 processes",
    "worker-3: no report yet",
  ]);
});

test("a machine that AWS is about to end is draining, and says why", () => {
  const stage = "AWS ends this machine at 2026-11-27T12:02:00.000Z (spot notice)";
  const leaving = record("eu-1", { fleet: "eu", state: "draining", stage });
  const found = progressOf([node("master")], [record("master"), leaving], answer({ "eu-1": 0 }));
  for (const columns of [80, 100])
    expect(renderClusterTable(found, { columns }).split("\n").at(-1)).toMatch(/^eu-1 .* draining$/);
  expect(describeMachine(found.machines[1]!, found)).toBe(`eu-1: draining, ${stage}`);
});
