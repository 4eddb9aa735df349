import { isRun } from "../../../test-runs/run/is-run";
import { FLEETS, request, run, running, verdict } from "../recorded-run";

describe("isRun", () => {
  test.each([
    run(),
    running(),
    run({ total: null, started: null, requests: [], labels: { a: "b" } }),
    run({ fleet_figures: FLEETS }),
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
  ])("does not take %s", (_, document) => {
    expect(isRun(document)).toBe(false);
  });
});
