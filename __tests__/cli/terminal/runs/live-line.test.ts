import { renderLiveLine } from "../../../../cli/terminal/runs/live-line";
import { running } from "../../../test-runs/recorded-run";

const plain = (_colour: string, text: string) => text;

describe("renderLiveLine", () => {
  test("shows time, bar and the last seconds", () => {
    expect(renderLiveLine(running(), 120, plain)).toBe(
      "running  ██████████░░░░░░░░░░  15s of 30s  500 users  1,234.6 req/s  0 failures/s  p95 210 ms",
    );
  });

  test("leaves the bar out where it has no room, and where nobody knows the end", () => {
    expect(renderLiveLine(running(), 80, plain)).not.toContain("█");
    const open = running({ progress: { elapsed_s: 75, run_time_s: null, phase: "warm_up" } });
    expect(renderLiveLine(open, 120, plain)).toMatch(/^warming up {2}1m15s {2}500 users/);
  });

  test("says what is wrong with a run that goes on", () => {
    const reason = "no process of fleet eu from 12s on: the others had its users";
    expect(renderLiveLine(running({ reason }), 80, plain)).toMatch(
      / {2}p95 210 ms {2}no process of fleet eu from 12s/,
    );
    expect(renderLiveLine(running({ state: "stopping", reason }), 80, plain)).not.toContain("fleet eu");
  });

  test.each([
    ["waiting", "2 of 4 worker processes are connected"],
    ["scaling", "fleet eu: 0 of 2 machines joined: AWS has no capacity"],
  ] as const)("says what a run waits for that is %s", (state, reason) => {
    expect(renderLiveLine(running({ state, reason, now: null }), 120, plain)).toBe(`${state}  ${reason}`);
  });

  test("counts the workers until the master has looked", () => {
    const run = running({
      state: "waiting",
      reason: null,
      now: null,
      workers: { connected: 2, expected: 4 },
    });
    expect(renderLiveLine(run, 120, plain)).toBe("waiting  2 of 4 workers");
  });
});
