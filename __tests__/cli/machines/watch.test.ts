import { judge, waitForCluster, type ClusterView } from "../../../cli/machines/watch";
import { Terminal } from "../../../cli/terminal/terminal";
import { answer, node, progressOf, record } from "../recorded-cluster";

const NODES = [node("master"), node("worker-1")];
const START = Date.parse("2026-11-21T10:00:00Z");
const ready = progressOf(NODES, [record("master"), record("worker-1")], answer({ "worker-1": 2 }));
const waiting = progressOf(NODES, [record("master")], answer({}));
const failedAt = (time: string) =>
  progressOf(NODES, [record("master"), record("worker-1", { state: "failed", time })], answer({}));

describe("judge", () => {
  test("goes on while something is missing and there is time", () => {
    expect(judge(waiting, START, 599_999, 600_000)).toBeUndefined();
  });

  test("ends at the limit", () => {
    expect(judge(waiting, START, 600_000, 600_000)).toBe("timeout");
  });

  test("ends when all are connected, even at the limit", () => {
    expect(judge(ready, START, 600_000, 600_000)).toBe("ready");
  });

  test("ends at once for a failure of this deploy", () => {
    expect(judge(failedAt("2026-11-21T10:00:05Z"), START, 6000, 600_000)).toBe("failed");
  });

  test("gives a failure from before the deploy half a minute to mend", () => {
    expect(judge(failedAt("2026-11-21T09:00:00Z"), START, 29_999, 600_000)).toBeUndefined();
    expect(judge(failedAt("2026-11-21T09:00:00Z"), START, 30_000, 600_000)).toBe("failed");
  });
});

test("the first Ctrl-C ends the wait in order; a second is left to Node, which ends the process", async () => {
  const terminal = Object.assign(new Terminal(), { line: () => undefined });
  const before = process.listenerCount("SIGINT");
  const listeners: number[] = [];
  const view = {
    look: () => {
      listeners.push(process.listenerCount("SIGINT"));
      process.emit("SIGINT");
      listeners.push(process.listenerCount("SIGINT"));
      return Promise.resolve(waiting);
    },
    close: () => undefined,
  };
  const { outcome } = await waitForCluster(view as Partial<ClusterView> as ClusterView, 60_000, terminal);
  expect(outcome).toBe("interrupted");
  expect(listeners).toEqual([before + 1, before]);
});
