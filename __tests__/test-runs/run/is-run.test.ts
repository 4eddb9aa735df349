import { isRun } from "../../../test-runs/run/is-run";
import type { Run } from "../../../test-runs/run/run-api";
import { FLEETS, interruption, request, run, running, verdict } from "../recorded-run";

const FLEET = { asked: 3, started: null, joined: 2, problem: "no capacity", kept: null };

/** All that only runs on fleets have. */
const ELASTIC: Run = {
  ...run(),
  fleets: { eu: FLEET },
  interruptions: { count: 1, machines: [interruption()] },
  lost_workers: { count: 1, first_s: 3, back_s: null },
  dropped_reports: { count: 1, last: "too long" },
  states: [{ state: "scaling", time: run().created, reason: null }],
  request: { ...run().request, fleets: { eu: 3 }, shares: { eu: "100%" }, min_processes: null },
};

describe("isRun", () => {
  test.each([
    run(),
    running(),
    run({ total: null, started: null, requests: [], labels: { a: "b" } }),
    run({ fleet_figures: FLEETS }),
    ELASTIC,
  ])("takes what a master writes", (document) => {
    expect(isRun(document)).toBe(true);
  });

  test.each<readonly [string, unknown]>([
    ["null", null],
    ["a list", []],
    ["a text", "run"],
    ["nothing but a state", { id: run().id, state: "finished" }],
    ["no request", { ...run(), request: null }],
    ["users that are a text", { ...run(), request: { ...run().request, user_count: "5" } }],
    ["a row that is null", { ...run(), requests: [null] }],
    ["a row without a name", { ...run(), requests: [{ ...request("/"), name: undefined }] }],
    ["figures that are texts", { ...run(), requests: [{ ...request("/"), p95_ms: "1" }] }],
    ["a total that is a text", { ...run(), total: "all" }],
    ["no workers", { ...run(), workers: null }],
    ["labels that are no texts", { ...run(), labels: { commit: {} } }],
    ["verdicts that are no list", { ...run(), verdicts: verdict("p95 < 1s", true) }],
    ["a time that is a number", { ...run(), started: 5 }],
    ["fleets that are a list", { ...run(), fleet_figures: [] }],
    ["a fleet without figures", { ...run(), fleet_figures: { eu: { ...FLEETS["eu"], total: null } } }],
    ["a fleet without a region", { ...run(), fleet_figures: { eu: { ...FLEETS["eu"], region: 1 } } }],
    ["an infinite figure", { ...run(), requests: [{ ...request("/"), rps: Infinity }] }],
    ["a fleet that is null", { ...ELASTIC, fleets: { eu: null } }],
    ["fleets of a run that are a list", { ...ELASTIC, fleets: [1] }],
    ["a problem that is a number", { ...ELASTIC, fleets: { eu: { ...FLEET, problem: 5 } } }],
    ["interruptions that are null", { ...ELASTIC, interruptions: null }],
    ["interruptions without machines", { ...ELASTIC, interruptions: { count: 3 } }],
    ["machines that are a text", { ...ELASTIC, interruptions: { count: 1, machines: "abc" } }],
    ["a machine that is null", { ...ELASTIC, interruptions: { count: 1, machines: [null] } }],
    ["interruptions below 0", { ...ELASTIC, interruptions: { count: -5, machines: [] } }],
    ["too many interruptions", { ...ELASTIC, interruptions: { count: 1e21, machines: [] } }],
    [
      "a time of an interruption that is a text",
      { ...ELASTIC, interruptions: { count: 1, machines: [{ ...interruption(), elapsed_s: "x" }] } },
    ],
    ["lost workers that are a number", { ...ELASTIC, lost_workers: 5 }],
    ["a loss at a text", { ...ELASTIC, lost_workers: { count: 2, first_s: "x", back_s: null } }],
    ["dropped reports that are a number", { ...ELASTIC, dropped_reports: 1 }],
    ["states that are a number", { ...ELASTIC, states: 5 }],
    ["a state that is null", { ...ELASTIC, states: [null] }],
    ["shares that are a number", { ...ELASTIC, request: { ...run().request, shares: 5 } }],
    ["shares that are null", { ...ELASTIC, request: { ...run().request, shares: null } }],
    ["asked fleets that are a text", { ...ELASTIC, request: { ...run().request, fleets: "x" } }],
  ])("does not take %s", (_, document) => {
    expect(isRun(document)).toBe(false);
  });
});
