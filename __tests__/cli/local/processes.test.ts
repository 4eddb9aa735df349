import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { LocalPlan } from "../../../cli/local/local-plan";
import { allConnected, renderProcesses, toProcesses, whyEnded } from "../../../cli/local/processes";
import type { ClusterNodes } from "../../../test-runs/master/master-api";
import { answer } from "../recorded-cluster";

const PIDS = new Map<string, number | undefined>([
  ["master", 100],
  ["worker-1", 101],
  ["worker-2", undefined],
]);
const plain = (_: string, text: string) => text;

describe("toProcesses", () => {
  test("tells who is connected, starting and gone", () => {
    const processes = toProcesses({ workers: 2 }, { pids: PIDS, nodes: answer({ "worker-2": 1 }, 1) });
    expect(renderProcesses(processes, 10, plain)).toBe(
      [
        "process   pid  state",
        "master    100  page answers",
        "worker-1  101  starting",
        "worker-2    -  ended, starts again",
      ].join("\n"),
    );
    expect(allConnected(processes, undefined)).toBe(false);
  });

  const pids = new Map([...PIDS, ["worker-2", 102] as const]);
  const connected = (nodes: ClusterNodes) =>
    allConnected(toProcesses({ workers: 2 }, { pids, nodes }), nodes);

  test("believes no connection of a process that was there before", () => {
    const nodes = answer({ "worker-1": 1, "worker-2": 1 }, 1, { "worker-1": 101, "worker-2": 102 });
    expect(connected(nodes)).toBe(true);
    // The process that ended was 99, and the master has not noticed.
    expect(connected(answer({ "worker-1": 1, "worker-2": 1 }, 1, { "worker-1": 101, "worker-2": 99 }))).toBe(
      false,
    );
  });

  test("is not complete while the master counts fewer workers", () => {
    const nodes = answer({ "worker-1": 1, "worker-2": 1 }, 1, { "worker-1": 101, "worker-2": 102 });
    expect(connected({ ...nodes, workers_connected: 1 })).toBe(false);
  });

  test("is not ready while the page does not answer", () => {
    expect(toProcesses({ workers: 0 }, { pids: PIDS, nodes: undefined })).toEqual([
      { name: "master", pid: 100, state: "starting" },
    ]);
  });
});

test("many processes do not fill the screen", () => {
  const processes = Array.from({ length: 20 }, (_, index) => ({
    name: `worker-${index}`,
    pid: index,
    state: "starting" as const,
  }));
  expect(renderProcesses(processes, 5, plain).split("\n")).toHaveLength(7);
});

describe("whyEnded", () => {
  let folder: string;
  const plan = () => ({ folder }) as LocalPlan;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "locust-cluster-local-"));
    mkdirSync(join(folder, "run", "worker-1"), { recursive: true });
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  const tell = (state: object) => {
    writeFileSync(join(folder, "run", "worker-1", "process-1.json"), JSON.stringify(state));
  };

  test("is the sentence of the agent", () => {
    tell({ state: "failed", pid: 7, time: 0, message: "locustfile.py:2: NameError: x" });
    expect(whyEnded(plan(), "worker-1", join(folder, "log"), 7)).toBe("locustfile.py:2: NameError: x");
  });

  test("is not the sentence of an earlier process", () => {
    tell({ state: "failed", pid: 6, time: 0, message: "old" });
    writeFileSync(join(folder, "log"), "first\nlaunch: there is no locustfile.py\n");
    expect(whyEnded(plan(), "worker-1", join(folder, "log"), 7)).toBe("launch: there is no locustfile.py");
  });

  test("is told even when there is nothing to tell", () => {
    expect(whyEnded(plan(), "worker-1", join(folder, "log"), 7)).toBe("it said nothing");
  });
});
