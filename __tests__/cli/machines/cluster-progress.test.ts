import { failedMachines, isReady, whatIsMissing } from "../../../cli/machines/cluster-progress";
import { answer, bootingAt, node, progressOf, record } from "../recorded-cluster";

const NODES = [node("master"), node("worker-1"), node("worker-2")];
const RECORDS = [record("master"), record("worker-1"), record("worker-2")];

describe("toProgress", () => {
  test("puts records and the master's view together by instance, in the order of the outputs", () => {
    const progress = progressOf(NODES, [...RECORDS].reverse(), answer({ "worker-2": 2, "worker-1": 1 }));
    expect(progress.machines.map(({ name, connected, expected }) => [name, connected, expected])).toEqual([
      ["master", 0, 0],
      ["worker-1", 1, 2],
      ["worker-2", 2, 2],
    ]);
    expect([progress.connected, progress.expected]).toEqual([3, 4]);
  });

  test("leaves out the record of a machine that was replaced", () => {
    const old = record("worker-1", { instance_id: "i-old", state: "failed" });
    expect(failedMachines(progressOf(NODES, [old], undefined))).toEqual([]);
  });

  test("does not count processes that the master misses", () => {
    const seen = answer({ "worker-1": 2, "worker-2": 2 });
    const [first] = seen.nodes[1]!.processes;
    const missing = { ...seen.nodes[1]!, processes: [{ ...first!, state: "missing" }] };
    const progress = progressOf(NODES, RECORDS, {
      ...seen,
      nodes: [seen.nodes[0]!, missing, seen.nodes[2]!],
    });
    expect(progress.connected).toBe(2);
    expect(isReady(progress)).toBe(false);
  });

  test("knows how many processes a machine starts before the master has seen one", () => {
    expect(progressOf(NODES, RECORDS, answer({})).expected).toBe(4);
  });
});

describe("isReady", () => {
  test("is true when every process is connected", () => {
    expect(isReady(progressOf(NODES, RECORDS, answer({ "worker-1": 2, "worker-2": 2 })))).toBe(true);
  });

  test("is false while one process is not", () => {
    expect(isReady(progressOf(NODES, RECORDS, answer({ "worker-1": 2, "worker-2": 1 })))).toBe(false);
  });

  test("is false while a machine has told nothing", () => {
    expect(isReady(progressOf(NODES, RECORDS.slice(0, 2), answer({ "worker-1": 2 })))).toBe(false);
  });

  test("needs the page even without workers", () => {
    expect(isReady(progressOf([node("master")], [record("master")], undefined))).toBe(false);
    expect(isReady(progressOf([node("master")], [record("master")], answer({})))).toBe(true);
  });
});

test("nothing is expected of a machine that AWS is about to end", () => {
  const leaving = record("eu-1", { fleet: "eu", state: "draining" });
  const progress = progressOf(NODES, [...RECORDS, leaving], answer({ "worker-1": 2, "worker-2": 1 }));
  expect(progress.machines.map(({ name, state }) => [name, state])).toContainEqual(["eu-1", "draining"]);
  expect(progress.expected).toBe(4);
  expect(whatIsMissing(progress)).toBe("worker-2 not connected to the master");
  const ready = progressOf(NODES, [...RECORDS, leaving], answer({ "worker-1": 2, "worker-2": 2 }));
  expect(isReady(ready)).toBe(true);
});

describe("whatIsMissing", () => {
  test.each([
    ["no report from worker-1 and worker-2", progressOf(NODES, [record("master")], undefined)],
    [
      "worker-2 at boot step 'store'",
      progressOf(NODES, [...RECORDS.slice(0, 2), bootingAt("store", "worker-2")], undefined),
    ],
    ["the master does not answer (ECONNREFUSED)", progressOf(NODES, RECORDS, undefined, "ECONNREFUSED")],
    [
      "worker-2 not connected to the master",
      progressOf(NODES, RECORDS, answer({ "worker-1": 2, "worker-2": 1 })),
    ],
  ])("says: %s", (sentence, progress) => {
    expect(whatIsMissing(progress)).toBe(sentence);
  });

  test("names three machines at most", () => {
    const nodes = [1, 2, 3, 4, 5].map((index) => node(`worker-${index}`));
    expect(whatIsMissing(progressOf(nodes, [], undefined))).toBe(
      "no report from worker-1, worker-2, worker-3 and 2 more",
    );
  });
});
