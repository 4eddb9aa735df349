import { readFileSync } from "node:fs";
import { join } from "node:path";
import { deployedPlace, localPlace, toStatusDocument } from "../../../cli/machines/status-document";
import { toLocalProgress } from "../../../cli/local/local-watch";
import { projectRoot } from "../../../lib/model/project";
import { answer, node, OUTPUTS, progressOf, record } from "../recorded-cluster";

const FAILURE = { step: "store", exit_code: 1, message: "no", log: [] };
const HOLD = { reason: "the cluster is being destroyed", until: "2026-11-21T12:15:00.000Z" };

/** With everything that may be null. */
function full(showPassword?: boolean) {
  const time = "2026-11-21T12:00:00.000Z";
  const master = record("master", {
    ...{ state: "failed", failure: FAILURE, steps: [] },
    ...{ uploads: { pending: [], error: null }, uploaded: time },
    refused: { bundle: "b".repeat(20), reason: "the test cannot be loaded", log: [] },
  });
  const told = { ...answer({}), hold: HOLD, target: { hosts: [], missing: true } };
  return toStatusDocument(
    progressOf([node("master")], [master], told),
    deployedPlace(OUTPUTS, showPassword),
    null,
  );
}

function keysOf(value: unknown): string[] {
  if (typeof value !== "object" || value === null) return [];
  if (Array.isArray(value)) return value.flatMap(keysOf);
  return Object.entries(value).flatMap(([key, each]) => [key, ...keysOf(each)]);
}

const CLI = readFileSync(join(projectRoot(), "docs", "cli.md"), "utf8");

/** Keys in the line on `status`. */
function documentKeys(): string[] {
  const [line = ""] = /^\| `status` +\| `\{.*$/m.exec(CLI) ?? [];
  return [...line.matchAll(/"(\w+)"/g)].map(([, key]) => key!).sort();
}

/** Keys in the first column of the table on machines, and those inside their values. */
function machineKeys(): string[] {
  const [table = ""] = /^Fields of a machine:\n\n(?:\|.*\n)+/m.exec(CLI) ?? [];
  const rows = table.split("\n").filter((line) => line.startsWith("| `"));
  const named = rows.flatMap((row) => [...row.split("|")[1]!.matchAll(/`(\w+)`/g)]);
  return [...named, ...table.matchAll(/"(\w+)"/g)].map(([, key]) => key!).sort();
}

describe("toStatusDocument", () => {
  test("has the keys that docs/cli.md names", () => {
    const { machines, ...rest } = full();
    expect([...keysOf(rest), "machines"].sort()).toEqual(documentKeys());
    expect(keysOf(machines).sort()).toEqual(machineKeys());
  });

  test("has the same keys for a local cluster, null where it has no such thing", () => {
    const state = {
      schema: 1,
      id: "1",
      pid: 1,
      url: "http://127.0.0.1:8089",
      started: "",
      workers: 2,
    } as const;
    const local = toStatusDocument(
      toLocalProgress(2, [], undefined, "no connection"),
      localPlace(state),
      null,
    );
    expect(Object.keys(local)).toEqual(Object.keys(full()));
    expect(local).toMatchObject({
      cluster: "local",
      region: null,
      ready: false,
      master: { url: "http://127.0.0.1:8089", answers: false, problem: "no connection" },
      bucket: null,
      processes: { connected: 0, expected: 2 },
    });
  });

  test("has the password only when it was asked for", () => {
    expect(full().login).toEqual({ username: "locust", password: null });
    expect(full(true).login).toEqual({ username: "locust", password: "correct-horse" });
  });
});
