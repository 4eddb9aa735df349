import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import type { RunFile } from "../../../protocol/generated/api";
import { fetchRun } from "../../../test-runs/sources/fetch-run";
import { readRunFiles } from "../../../test-runs/sources/run-files";
import type { RunSource } from "../../../test-runs/sources/source";

const ID = "20261121-110432-checkout";
const GOOD = { name: "run.json", bytes: 2, modified: "2026-11-21T11:04:32.120Z" };

let project: string;
jest.mock("../../../lib/model/project", () => ({ projectRoot: () => project }));
beforeEach(() => (project = mkdtempSync(join(tmpdir(), "locust-cluster-files-"))));
afterEach(() => rmSync(project, { recursive: true }));

describe("readRunFiles", () => {
  test("takes what a master lists", () => {
    expect(readRunFiles(ID, [{ ...GOOD, later: true }])).toEqual([GOOD]);
  });

  test.each(["../run.json", "a/b", "..", ".hidden", "", "a b", "x".repeat(201), "run.json\n"])(
    "passes over a file that is none of a run: %j",
    (name) => {
      expect(readRunFiles(ID, [GOOD, { ...GOOD, name }])).toEqual([GOOD]);
    },
  );

  test.each([
    [undefined, "must be a list"],
    [{ "0": GOOD }, "must be a list"],
    [[{ ...GOOD, name: 5 }], "0 name must be a text"],
    [[{ ...GOOD, bytes: "/../../../x" }], "0 bytes must be a whole number"],
    [[{ ...GOOD, bytes: 1.5 }], "0 bytes must be a whole number"],
    [[{ ...GOOD, bytes: 2 ** 60 }], "0 bytes must be a whole number"],
    [[{ ...GOOD, bytes: -1 }], "0 bytes must be 0 or more"],
    [[GOOD, { ...GOOD, modified: "yesterday" }], "1 modified must be a time in UTC"],
    [[{ ...GOOD, modified: "2026-13-21T11:04:32Z" }], "0 modified must be a time in UTC"],
    [[{ ...GOOD, modified: "2026-11-21T11:04:32+01:00" }], "0 modified must be a time in UTC"],
    [[GOOD, null], "1 must be an object"],
  ])("refuses %j", (list, reason) => {
    expect(() => readRunFiles(ID, list)).toThrow(`the file list of run ${ID} is invalid: ${reason}`);
  });
});

test("a list of a hostile master makes no path outside of the run's folder", async () => {
  const bytes = `1/../../../../escaped` as unknown as number;
  const source: Partial<RunSource> = {
    files: () => Promise.resolve([{ ...GOOD, bytes } as RunFile]),
    open: () => Promise.resolve(Readable.from(["{}"])),
  };
  const { signal } = new AbortController();
  await expect(fetchRun(ID, { source: source as RunSource, signal })).rejects.toThrow("bytes must be");
  expect(existsSync(join(project, "runs"))).toBe(false);
  expect(readdirSync(project)).toEqual([]);
});

test.each(["run", "pull", "open"])(
  "'%s' loads without zod, which takes longer than all the rest",
  (command) => {
    jest.isolateModules(() => {
      jest.doMock("zod", () => {
        throw new Error("zod was loaded");
      });
      expect(() => jest.requireActual<object>(`../../../cli/commands/${command}`)).not.toThrow();
    });
  },
);
