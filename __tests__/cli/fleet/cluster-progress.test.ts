import { failedMachines, isReady, toProgress, whatIsMissing } from "../../../cli/fleet/cluster-progress";
import { answer, bootingAt, node, record } from "../recorded-cluster";

const NODES = [node("master"), node("worker-1"), node("worker-2")];
const RECORDS = [record("master"), record("worker-1"), record("worker-2")];

describe("toProgress", () => {
  test("puts records and the master's view together by instance, in the order of the outputs", () => {
    const progress = toProgress(NODES, [...RECORDS].reverse(), answer({ "worker-2": 2, "worker-1": 1 }));
    expect(progress.machines.map(({ name, connected, expected }) => [name, connected, expected])).toEqual([
      ["master", 0, 0],
      ["worker-1", 1, 2],
      ["worker-2", 2, 2],
    ]);
    expect([progress.connected, progress.expected]).toEqual([3, 4]);
  });

  test("leaves out the record of a machine that was replaced", () => {
    const old = record("worker-1", { instance_id: "i-old", state: "failed" });
    expect(failedMachines(toProgress(NODES, [old], undefined))).toEqual([]);
  });

  test("does not count processes that the master misses", () => {
    const seen = answer({ "worker-1": 2, "worker-2": 2 });
    const [first] = seen.nodes[1]!.processes;
    const missing = { ...seen.nodes[1]!, processes: [{ ...first!, state: "missing" }] };
    const progress = toProgress(NODES, RECORDS, {
      ...seen,
      nodes: [seen.nodes[0]!, missing, seen.nodes[2]!],
    });
    expect(progress.connected).toBe(2);
    expect(isReady(progress)).toBe(false);
  });

  test("knows how many processes a machine starts before the master has seen one", () => {
    expect(toProgress(NODES, RECORDS, answer({})).expected).toBe(4);
  });
});

describe("isReady", () => {
  test("is true when every process is connected", () => {
    expect(isReady(toProgress(NODES, RECORDS, answer({ "worker-1": 2, "worker-2": 2 })))).toBe(true);
  });

  test("is false while one process is not", () => {
    expect(isReady(toProgress(NODES, RECORDS, answer({ "worker-1": 2, "worker-2": 1 })))).toBe(false);
  });

  test("is false while a machine has told nothing", () => {
    expect(isReady(toProgress(NODES, RECORDS.slice(0, 2), answer({ "worker-1": 2 })))).toBe(false);
  });

  test("needs the page even without workers", () => {
    expect(isReady(toProgress([node("master")], [record("master")], undefined))).toBe(false);
    expect(isReady(toProgress([node("master")], [record("master")], answer({})))).toBe(true);
  });
});

describe("whatIsMissing", () => {
  test.each([
    ["no report from worker-1 and worker-2", toProgress(NODES, [record("master")], undefined)],
    [
      "worker-2 at boot step 'store'",
      toProgress(NODES, [...RECORDS.slice(0, 2), bootingAt("store", "worker-2")], undefined),
    ],
    ["the master does not answer (ECONNREFUSED)", toProgress(NODES, RECORDS, undefined, "ECONNREFUSED")],
    [
      "worker-2 not connected to the master",
      toProgress(NODES, RECORDS, answer({ "worker-1": 2, "worker-2": 1 })),
    ],
  ])("says: %s", (sentence, progress) => {
    expect(whatIsMissing(progress)).toBe(sentence);
  });

  test("names three machines at most", () => {
    const nodes = [1, 2, 3, 4, 5].map((index) => node(`worker-${index}`));
    expect(whatIsMissing(toProgress(nodes, [], undefined))).toBe(
      "no report from worker-1, worker-2, worker-3 and 2 more",
    );
  });
});
