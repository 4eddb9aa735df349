import { toRunRequest } from "../../../../cli/commands/run/run-request";
import { UserError } from "../../../../lib/model/user-error";

describe("toRunRequest", () => {
  const none = { threshold: [], abortThreshold: [], fleet: [], share: [], label: [] };

  test.each([
    [
      { runTime: "5" },
      "minutes",
      "'-t 5 minutes' is two words, and -t takes one: write '-t 5m' without a space",
    ],
    [
      { warmUp: "90" },
      "Sec",
      "'--warm-up 90 Sec' is two words, and --warm-up takes one: write '--warm-up 90s' without a space",
    ],
    [
      { runTime: "5m", grace: "1" },
      "h",
      "'--grace 1 h' is two words, and --grace takes one: write '--grace 1h' without a space",
    ],
  ])("refuses %j with the user class %s", (options, name, message) => {
    expect(() => toRunRequest({ ...none, ...options }, ["Shopper", name])).toThrow(new UserError(message));
  });

  test("takes a user class that is called like a unit", () => {
    expect(toRunRequest({ ...none, runTime: "5m" }, ["Minutes"])).toMatchObject({
      user_classes: ["Minutes"],
    });
  });

  test("says only what was said", () => {
    expect(toRunRequest({ ...none, users: 5 }, [])).toEqual({ user_count: 5, thresholds: [] });
  });

  test("hands everything to the master", () => {
    const options = {
      ...none,
      users: 500,
      spawnRate: 50,
      runTime: "5m",
      host: "https://shop.example",
      tags: ["fast"],
      excludeTags: ["slow"],
      name: "checkout",
      threshold: ["p95 < 300ms"],
      abortThreshold: ["fail_ratio < 50%"],
      grace: "20s",
      warmUp: "30s",
      fleet: [["eu", 10] as const, ["us", 0] as const],
      share: [["eu", "60%"] as const, ["workers", "40%"] as const],
      expectWorkers: 4,
      minProcesses: 3,
      waitTimeout: "1m",
      label: ["commit=4f2c=1e"],
    };
    expect(toRunRequest(options, ["Buyer"], ["--tenant", "acme"])).toEqual({
      name: "checkout",
      host: "https://shop.example",
      user_count: 500,
      spawn_rate: 50,
      run_time: "5m",
      user_classes: ["Buyer"],
      tags: ["fast"],
      exclude_tags: ["slow"],
      args: ["--tenant", "acme"],
      thresholds: [
        { expression: "p95 < 300ms" },
        { expression: "fail_ratio < 50%", abort: true, grace: "20s" },
      ],
      fleets: { eu: 10, us: 0 },
      shares: { eu: "60%", workers: "40%" },
      expect_workers: 4,
      min_processes: 3,
      wait_timeout: "1m",
      warm_up: "30s",
      labels: { commit: "4f2c=1e" },
    });
  });

  test("refuses a fleet that has two shares", () => {
    const share = [["eu", "60%"] as const, ["eu", "40%"] as const];
    expect(() => toRunRequest({ ...none, share }, [])).toThrow(
      "--share names 'eu' twice: give each fleet one share",
    );
  });

  test("refuses a fleet that is named twice", () => {
    const fleet = [["eu", 10] as const, ["us", 5] as const, ["eu", 10] as const];
    expect(() => toRunRequest({ ...none, fleet }, [])).toThrow(
      "--fleet names 'eu' twice: give each fleet one number of machines",
    );
  });

  test("refuses a label without a name", () => {
    expect(() => toRunRequest({ ...none, label: ["=x"] }, [])).toThrow(
      "--label must be name=value, got '=x'",
    );
  });
});
