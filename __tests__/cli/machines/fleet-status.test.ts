import stringWidth from "string-width";
import {
  describeFleetStatus,
  renderFleetTable,
  toFleetStatus,
  type FleetStatus,
} from "../../../cli/machines/fleet-status";
import { toMembers } from "../../../cli/machines/members";
import type { Fleet } from "../../../protocol/generated/api";
import { answer, bootingAt, node, record } from "../recorded-cluster";

const EU: Fleet = {
  region: "eu-central-1",
  size: 0,
  max: 20,
  spot: true,
  idle: 600,
  started: 3,
  problem: null,
  scaled: null,
};

function status(more: Partial<FleetStatus> = {}): FleetStatus {
  return { name: "eu", ...EU, desired: 3, ready: 3, draining: 0, failed: 0, ...more };
}

/** One of a fleet. */
function elastic(name: string, more: Parameters<typeof record>[1] = {}) {
  return record(name, { instance_id: `i-${name}`, fleet: "eu", ...more });
}

describe("toFleetStatus", () => {
  test("counts the machines of each fleet by what the ledger and the master say", () => {
    const members = toMembers({
      expected: [node("master"), node("worker-1")],
      records: [
        record("master", { scaling: { eu: { capacity: 4, error: null, started: 3, problem: null } } }),
        record("worker-1"),
        elastic("eu-1"),
        elastic("eu-2", { ...bootingAt("environment", "eu-2"), fleet: "eu" }),
        elastic("eu-3", { state: "failed" }),
        elastic("eu-4", { state: "draining" }),
      ],
      answer: answer({ "worker-1": 2, "eu-1": 2 }),
      gone: new Set(),
      region: "us-east-1",
    });
    expect(toFleetStatus({ eu: EU, us: EU }, members)).toMatchObject([
      { name: "eu", desired: 4, started: 3, ready: 1, draining: 1, failed: 1 },
      { name: "us", desired: null, ready: 0, failed: 0 },
    ]);
  });

  test("knows no capacity before the master's first record", () => {
    expect(toFleetStatus({ eu: EU }, [])).toMatchObject([{ name: "eu", desired: null, ready: 0 }]);
  });
});

describe("renderFleetTable", () => {
  test("has size, desired, ready, spot and what is about to change", () => {
    const fleets = [
      status({ desired: 10, started: 6, ready: 4 }),
      status({ name: "us", region: "us-east-1", spot: false, size: 2, desired: 2, started: 2, ready: 2 }),
    ];
    expect(renderFleetTable(fleets).split("\n")).toEqual([
      "fleet  region        size  max  desired  ready  spot  activity",
      "eu     eu-central-1     0   20       10      4  yes   4 requested, 2 booting",
      "us     us-east-1        2   20        2      2  no    -",
    ]);
  });

  test.each<[Partial<FleetStatus>, string]>([
    [{}, "-"],
    [{ desired: 5 }, "2 requested"],
    [{ ready: 1 }, "2 booting"],
    [{ ready: 1, failed: 1 }, "1 booting, 1 failed"],
    [{ desired: 1 }, "2 leaving"],
    [{ desired: 1, ready: 0 }, "1 booting, 2 leaving"],
    [{ desired: null, ready: 2 }, "1 booting"],
    [{ desired: 3, started: null, ready: 2 }, "1 requested"],
    [{ desired: null, started: null }, "-"],
  ])("%j: %s", (more, activity) => {
    expect(
      renderFleetTable([status(more)])
        .split(/ {2,}/)
        .at(-1),
    ).toBe(activity);
  });

  test("fits into 80 columns", () => {
    const fleet = status({ name: "a-fleet-of-16-ab", desired: 1000, started: 500, ready: 100, failed: 20 });
    for (const line of renderFleetTable([fleet], { width: 80 }).split("\n"))
      expect(stringWidth(line)).toBeLessThanOrEqual(80);
  });
});

test("describeFleetStatus says why AWS starts no more, and what was set by hand", () => {
  const problem = "AWS has no spot capacity\n";
  const scaled = { machines: 10, until: "2026-11-21T10:07:30.000Z" };
  const now = Date.parse("2026-11-21T10:00:00Z");
  expect(describeFleetStatus([status(), status({ problem, scaled })], now)).toEqual([
    "eu: AWS has no spot capacity\\n",
    "eu: 10 machines by hand, for 7m30s more",
  ]);
  expect(describeFleetStatus([status({ scaled })], now + 3_600_000)).toEqual([
    "eu: 10 machines by hand, for 0s more",
  ]);
});
