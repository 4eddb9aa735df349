import { mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { prune, removeAbandoned } from "../../../runtimes/python/cache";

let folder: string;

beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "cache-"))));
afterEach(() => rmSync(folder, { recursive: true }));

function archive(name: string, usedAt: number): void {
  for (const ending of [".tar.gz", ".lock"]) writeFileSync(join(folder, name + ending), "");
  utimesSync(join(folder, `${name}.tar.gz`), usedAt, usedAt);
}

test("prune keeps the archives that were used last, each with its lock", () => {
  archive("old", 100);
  archive("new", 300);
  archive("middle", 200);
  prune(folder, 2);
  expect(readdirSync(folder).sort()).toEqual(["middle.lock", "middle.tar.gz", "new.lock", "new.tar.gz"]);
});

test("prune keeps all while there are few", () => {
  archive("one", 100);
  prune(folder);
  expect(readdirSync(folder)).toHaveLength(2);
});

test("removeAbandoned removes what killed builds left, and nothing that a running one needs", () => {
  for (const name of ["a.4194305.tmp", `b.${process.pid}.tmp`]) mkdirSync(join(folder, name));
  archive("c", 100);
  removeAbandoned(folder);
  expect(readdirSync(folder).sort()).toEqual([`b.${process.pid}.tmp`, "c.lock", "c.tar.gz"]);
});
