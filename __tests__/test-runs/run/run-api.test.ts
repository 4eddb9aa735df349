import { isAwaitingWorkers } from "../../../test-runs/run/run-api";
import { running } from "../recorded-run";

test.each([
  ["scaling", true],
  ["waiting", true],
  ["starting", false],
  ["running", false],
  ["finished", false],
] as const)("a run that is %s awaits workers: %s", (state, awaits) => {
  expect(isAwaitingWorkers(running({ state }))).toBe(awaits);
});
