import { whatHappened } from "../../../test-runs/run/what-happened";
import { run, verdict } from "../recorded-run";

const P95 = verdict("p95 < 300ms", false, "412 ms, not below 300 ms");
const RATE = verdict("rps > 500", false, "40/s, not above 500/s");

test.each([
  ["a run that passed after its time", {}, undefined],
  ["one whose load shape has ended", { reason: "its load shape has ended" }, undefined],
  ["a missed one", { passed: false, verdicts: [P95] }, "p95 < 300ms (412 ms, not below 300 ms)"],
  [
    "one with failures that no threshold is about",
    {
      passed: false,
      verdicts: [verdict("failures <= 0", false, "40 requests failed; a threshold can allow some")],
    },
    "40 requests failed; a threshold can allow some",
  ],
  [
    "one with exceptions that no threshold is about",
    {
      passed: false,
      verdicts: [
        verdict("exceptions <= 0", false, "the test raised 1 exception; a threshold can allow some"),
      ],
    },
    "the test raised 1 exception; a threshold can allow some",
  ],
  [
    "one that missed several",
    { passed: false, verdicts: [verdict("max < 2s", true), P95, RATE, RATE] },
    "p95 < 300ms (412 ms, not below 300 ms), and 2 more",
  ],
  [
    "one that missed and had an end of its own",
    { passed: false, verdicts: [RATE], reason: "ended by the test after 3s" },
    "rps > 500 (40/s, not above 500/s); ended by the test after 3s",
  ],
  [
    "one that a threshold aborted",
    { passed: false, verdicts: [P95], reason: "aborted: p95 < 300ms: 412 ms, not below 300 ms" },
    "aborted: p95 < 300ms: 412 ms, not below 300 ms",
  ],
  [
    "one that was stopped",
    {
      state: "cancelled" as const,
      passed: false,
      verdicts: [P95],
      reason: "stopped in Locust's page after 3s of 1m",
    },
    "stopped in Locust's page after 3s of 1m",
  ],
  ["a run without a reason", { reason: null }, undefined],
])("of %s", (_title, more, said) => {
  expect(whatHappened(run(more))).toBe(said);
});
