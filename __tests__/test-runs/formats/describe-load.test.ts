import { describeLoad } from "../../../test-runs/formats/describe-load";
import { run } from "../recorded-run";

describe("describeLoad", () => {
  test("says users, time, target and processes", () => {
    expect(describeLoad(run())).toBe(
      "500 users, 50/s, ran for 30s, https://shop.example, 4 worker processes",
    );
  });

  test("says which shares of the users fleets have", () => {
    const request = { ...run().request, shares: { eu: "60%", workers: "40%" } };
    expect(describeLoad(run({ request }))).toContain(", 60% on eu, 40% on workers, ");
  });

  test("says which machines of fleets the run has asked for", () => {
    const request = { ...run().request, fleets: { eu: 10, us: 1 } };
    expect(describeLoad(run({ request }))).toContain(
      "https://shop.example, 10 machines of eu, 1 machine of us, 4 worker processes",
    );
  });

  test("says that a run began with fewer", () => {
    const request = { ...run().request, fleets: { eu: 10 } };
    const fleets = { eu: { asked: 10, started: 4, joined: 4, problem: null, kept: null } };
    expect(describeLoad(run({ request, fleets }))).toContain(", 4 of 10 machines of eu, ");
    expect(describeLoad(run({ request, fleets, started: null }))).toContain(", 10 machines of eu, ");
  });

  test("says that a run began with fewer worker processes", () => {
    const workers = { connected: 3, expected: 4 };
    expect(describeLoad(run({ workers }))).toContain(", 3 of 4 worker processes");
    expect(describeLoad(run({ workers, started: null }))).toContain(", 4 worker processes");
  });
});
