import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describeTroubles } from "../../../test-runs/formats/troubles";
import { interruption, run } from "../recorded-run";

const folder = mkdtempSync(join(tmpdir(), "troubles-"));
afterAll(() => rmSync(folder, { recursive: true }));

function exception(...frames: [file: string, line: number][]): string[] {
  const trace = frames.map(([file, line]) => `  File ""${file}"", line ${line}, in buy\n`).join("");
  writeFileSync(
    join(folder, "exceptions.csv"),
    `Count,Message,Traceback,Nodes\r\n3,no basket,"${trace}",w\r\n`,
  );
  return describeTroubles(folder, run());
}

test("shows an exception at the user's line, not at the library's", () => {
  const library = "/opt/venv/lib/python3.13/site-packages";
  expect(
    exception(
      [`${library}/locust/user/task.py`, 340],
      ["shop/basket.py", 12],
      [`${library}/json/decoder.py`, 355],
    ),
  ).toEqual(["3 × exception in the test: no basket (basket.py:12)"]);
});

test("shows where it was raised when no line is the user's", () => {
  expect(exception(["/opt/a.py", 1], ["/opt/b.py", 2])).toEqual([
    "3 × exception in the test: no basket (b.py:2)",
  ]);
});

test("tells of dropped reports where no verdict does", () => {
  const dropped_reports = { count: 2, last: "name must be a text" };
  const empty = join(folder, "nothing");
  expect(describeTroubles(empty, run({ state: "running", dropped_reports }))).toEqual([
    "2 dropped reports of workers, the last: name must be a text; the figures are not complete",
  ]);
  expect(describeTroubles(empty, run({ state: "finished", dropped_reports }))).toEqual([]);
  expect(describeTroubles(empty, run({ state: "running" }))).toEqual([]);
});

test.each([
  [
    { count: 1, first_s: 15.2, back_s: 22 },
    "note: 1 worker process was lost at 15s and replaced by 22s: less load was made until then, and the last requests are not counted",
  ],
  [
    { count: 2, first_s: 15.2, back_s: null },
    "note: 2 worker processes were lost from 15s on and not all replaced: less load was made until Locust moved their users, and the last requests are not counted",
  ],
])("tells of lost workers", (lost_workers, expected) => {
  expect(describeTroubles(join(folder, "nothing"), run({ lost_workers }))).toEqual([expected]);
});

test("tells of the machines that AWS took back, which are no lost workers", () => {
  const told = (count: number) => {
    const machines = [interruption(), interruption({ node: "w\n2", fleet: "", cause: "group" })];
    return describeTroubles(join(folder, "nothing"), run({ interruptions: { count, machines } }));
  };
  expect(told(2)).toEqual([
    "note: AWS took 2 machines back with a notice: eu-1 of fleet eu at 12s (spot notice); w\\n2 at 12s (ended by its Auto Scaling group)",
  ]);
  expect(told(5)).toEqual([expect.stringMatching(/; 3 more$/)]);
  expect(told(0)).toEqual([]);
});

test("takes the cause of an interruption for a name of nothing else", () => {
  const machine = interruption({ fleet: "", cause: "constructor" as "spot" });
  const interruptions = { count: 1, machines: [machine] };
  expect(describeTroubles(join(folder, "nothing"), run({ interruptions }))).toEqual([
    "note: AWS took 1 machine back with a notice: eu-1 at 12s (constructor)",
  ]);
});

test("tells of the machines that a run began without", () => {
  const fleet = { asked: 3, started: 2, joined: 2, problem: "AWS has no spot\ncapacity", kept: null };
  const fleets = { eu: fleet, us: { ...fleet, problem: null }, asia: { ...fleet, asked: 2 } };
  const empty = join(folder, "nothing");
  expect(describeTroubles(empty, run({ fleets }))).toEqual([
    "note: the run began with 2 of 3 machines of eu: AWS has no spot\\ncapacity",
    "note: the run began with 2 of 3 machines of us",
  ]);
  expect(describeTroubles(empty, run({ fleets, state: "failed", started: null }))).toEqual([]);
});

test("tells of fleets that had no process though they have a share", () => {
  const reason = "no process of fleet eu from 12s to 40s: the others had its users";
  const states = [
    { state: "starting" as const, time: "2026-11-21T11:04:32.000Z", reason: "begins with 2 processes" },
    { state: "running" as const, time: "2026-11-21T11:04:33.000Z", reason },
    { state: "finished" as const, time: "2026-11-21T11:05:33.000Z", reason: "its run time is over" },
  ];
  expect(describeTroubles(join(folder, "nothing"), run({ states }))).toEqual([`note: ${reason}`]);
  const quiet = states.map((each) => ({ ...each, reason: null }));
  expect(describeTroubles(join(folder, "nothing"), run({ states: quiet }))).toEqual([]);
});
