import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import * as fs from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { fetchFile, MOST_GROWTH } from "../../../test-runs/sources/fetch-file";

const CONTENT = "0123456789".repeat(100);
const FILE = { name: "timeline.csv", bytes: CONTENT.length, modified: "2026-11-21T11:04:32.120Z" };

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "locust-cluster-fetch-"))));
afterEach(() => rmSync(folder, { recursive: true }));

/** Sends this much of the file, then breaks off as a lost connection does. */
function lossy(sizes: number[], asked: number[]) {
  return (from: number) => {
    asked.push(from);
    const size = sizes.shift();
    const text = CONTENT.slice(from, size === undefined ? undefined : from + size);
    async function* send() {
      yield Buffer.from(text);
      await Promise.resolve();
      if (size !== undefined) throw Object.assign(new Error("socket hang up"), { code: "ECONNRESET" });
    }
    return Promise.resolve(Readable.from(send()));
  };
}

function fetch(open: (from: number) => Promise<Readable>, signal = new AbortController().signal) {
  return fetchFile({ file: FILE, folder, open, signal, pauseMs: 1 });
}

const goal = () => join(folder, FILE.name);

describe("fetchFile", () => {
  test("is on the disk before the file has its name", async () => {
    const steps: string[] = [];
    const handle = await fs.open(join(folder, "any"), "w");
    const prototype = Object.getPrototypeOf(handle) as typeof handle;
    await handle.close();
    const sync = jest.spyOn(prototype, "sync").mockImplementation(() => {
      steps.push(readdirSync(folder).includes(FILE.name) ? "too late" : "synced");
      return Promise.resolve();
    });
    await fetch(lossy([], []));
    sync.mockRestore();
    expect(steps).toEqual(["synced"]);
  });

  test("asks for the rest only after a lost connection", async () => {
    const asked: number[] = [];
    await expect(fetch(lossy([300, 200], asked))).resolves.toBe("fetched");
    expect(asked).toEqual([0, 300, 500]);
    expect(readFileSync(goal(), "utf8")).toBe(CONTENT);
    expect(readdirSync(folder)).toEqual([FILE.name]);
  });

  test("goes on with what an interrupted command left", async () => {
    const asked: number[] = [];
    const interrupt = new AbortController();
    const open = lossy([400], asked);
    const first = fetch((from) => {
      if (asked.length === 1) interrupt.abort();
      return open(from);
    }, interrupt.signal);
    await expect(first).rejects.toThrow();
    expect(readdirSync(folder)).not.toContain(FILE.name);
    await expect(fetch(open)).resolves.toBe("fetched");
    expect(asked.at(-1)).toBe(400);
    expect(readFileSync(goal(), "utf8")).toBe(CONTENT);
  });

  test("does not fetch twice what has not changed", async () => {
    const asked: number[] = [];
    await fetch(lossy([], asked));
    await expect(fetch(lossy([], asked))).resolves.toBe("there");
    expect(asked).toEqual([0]);
    expect(statSync(goal()).mtime.toISOString()).toBe(FILE.modified);
  });

  test("gives up when nothing comes at all, and leaves no half file under its name", async () => {
    const asked: number[] = [];
    await expect(fetch(lossy([0, 0, 0, 0, 0, 0, 0], asked))).rejects.toThrow("socket hang up");
    expect(asked).toHaveLength(5);
    expect(readdirSync(folder)).not.toContain(FILE.name);
  });

  test("does not take a short file for the whole one", async () => {
    const short = () => Promise.resolve(Readable.from([]));
    await expect(fetch(short)).rejects.toThrow("the connection ended after 0 of 1000 bytes");
  });

  test("tells a full disk at once, and makes room again", async () => {
    const full = Object.assign(new Error("write"), { code: "ENOSPC" });
    let tries = 0;
    const open = () => {
      tries += 1;
      return Promise.reject(full);
    };
    await expect(fetch(open)).rejects.toThrow(/^no space left on the disk for /);
    expect(tries).toBe(1);
    expect(readdirSync(folder)).toEqual([]);
  });

  test("keeps what a run that goes on has added since the list", async () => {
    const grown = `${CONTENT}more`;
    const open = (from: number) => Promise.resolve(Readable.from([Buffer.from(grown.slice(from))]));
    await expect(fetch(open)).resolves.toBe("fetched");
    expect(readFileSync(goal(), "utf8")).toBe(grown);
  });

  test("cuts a file that does not end", async () => {
    let sent = 0;
    function* endless() {
      for (; sent < 20 * MOST_GROWTH; sent += 300_000) yield Buffer.alloc(300_000);
    }
    await expect(fetch(() => Promise.resolve(Readable.from(endless())))).resolves.toBe("fetched");
    expect(statSync(goal()).size).toBe(FILE.bytes + MOST_GROWTH);
    expect(sent).toBeLessThan(3 * MOST_GROWTH + 20 * 300_000);
  });

  test("fetches an empty file", async () => {
    const file = { ...FILE, name: "failures.csv", bytes: 0 };
    const open = () => Promise.resolve(Readable.from([]));
    const signal = new AbortController().signal;
    await expect(fetchFile({ file, folder, open, signal })).resolves.toBe("fetched");
    expect(statSync(join(folder, "failures.csv")).size).toBe(0);
  });
});
