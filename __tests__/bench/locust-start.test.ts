import { lastReady, toParts } from "../../bench/boot/locust-start";

test("names the parts of a start by the process that is last in each", () => {
  const answer = [
    "ExecMainStartTimestamp=Fri 2026-11-27 11:00:00.400000 UTC",
    "InactiveExitTimestamp=Fri 2026-11-27 11:00:00.000000 UTC",
    "",
    "ExecMainStartTimestamp=Fri 2026-11-27 11:00:00.500000 UTC",
    "InactiveExitTimestamp=Fri 2026-11-27 11:00:00.100000 UTC",
    `${Date.UTC(2026, 10, 27, 11) / 1000 + 1}.250000 python[1]: [2026-11-27] INFO/locust.main: Starting Locust 2.47.0`,
    `${Date.UTC(2026, 10, 27, 11) / 1000 + 1}.500000 python[2]: [2026-11-27] INFO/locust.main: Starting Locust 2.47.0`,
  ].join("\n");
  expect(toParts(answer, Date.UTC(2026, 10, 27, 11, 0, 2))).toEqual([
    { name: "update", seconds: 0.5 },
    { name: "imports", seconds: 1 },
    { name: "connection", seconds: 0.5 },
  ]);
});

test("the last process that Locust calls ready ends a boot", () => {
  const line = (seconds: number) =>
    `${seconds}.500000 python[1]: [2026-11-27] INFO/locust.runners: ip_1 (index 0) reported as ready. 1 workers connected.`;
  expect(lastReady([line(1000), line(1002)].join("\n"))).toBe(1_002_500);
  expect(() => lastReady("-- No entries --")).toThrow("does not tell when a worker was connected");
});
