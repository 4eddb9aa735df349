import stringWidth from "string-width";
import { plain } from "../../../../cli/terminal/colour";
import { describeScaling, phaseOfScaling, renderScaling } from "../../../../cli/terminal/runs/scaling-view";
import type { RunFleet } from "../../../../protocol/generated/api";
import { running } from "../../../test-runs/recorded-run";

const NO_CAPACITY =
  "AWS has no spot capacity for c7g.large in eu-central-1a, and none of the other types has any either";

function fleet(more: Partial<RunFleet> = {}): RunFleet {
  return { asked: 10, started: 6, joined: 4, problem: null, kept: null, ...more };
}

function scaling(fleets: Readonly<Record<string, RunFleet>>) {
  return running({ state: "scaling", now: null, fleets });
}

describe("renderScaling", () => {
  test("shows what each fleet was asked for, what AWS has started and what has joined", () => {
    const run = scaling({ eu: fleet(), us: fleet({ asked: 5, started: 5, joined: 5 }) });
    expect(renderScaling(run, 80, plain).split("\n")).toEqual([
      "scaling  9 of 15 machines joined",
      "fleet  asked  started  joined",
      "eu        10        6       4",
      "us         5        5       5",
    ]);
  });

  test("says below why AWS gives none, and never wraps by itself", () => {
    const run = scaling({
      eu: fleet({ problem: NO_CAPACITY }),
      "a-fleet-of-16-ab": fleet({ started: null }),
    });
    const lines = renderScaling(run, 80, plain).split("\n");
    expect(lines.slice(-2)).toEqual([
      "eu: AWS has no spot capacity for c7g.large in eu-central-1a, and none of the",
      "other types has any either",
    ]);
    expect(lines.find((line) => line.startsWith("a-fleet-of-16-ab"))).toMatch(/10 +- +4$/);
    for (const line of lines) expect(stringWidth(line)).toBeLessThan(80);
  });

  test("says why there are more than the run has asked for, and counts none of these", () => {
    const run = scaling({
      eu: fleet({ asked: 2, started: 5, joined: 5, kept: "5 machines are up: fleets.eu.size is 5" }),
      us: fleet({ asked: 2, started: 0, joined: 0 }),
    });
    expect(renderScaling(run, 80, plain)).toMatch(/^scaling {2}2 of 4 machines joined\n/);
    expect(renderScaling(run, 80, plain)).toMatch(/\neu: 5 machines are up: fleets\.eu\.size is 5$/);
  });

  test("obeys nothing that AWS says", () => {
    const lines = renderScaling(scaling({ eu: fleet({ problem: "no\n\u001b[2Jcapacity" }) }), 80, plain);
    expect(lines).toMatch(/\neu: no\\n\\x1b\[2Jcapacity$/);
  });
});

describe("describeScaling", () => {
  test("has a line for each fleet", () => {
    const run = scaling({
      eu: fleet({ problem: NO_CAPACITY }),
      us: fleet({ asked: 1, started: 1, joined: 1 }),
      asia: fleet({ started: null, joined: 0 }),
    });
    expect(describeScaling(run).split("\n")).toEqual([
      `scaling  eu: 4 of 10 machines joined, 6 started; ${NO_CAPACITY}`,
      "scaling  us: 1 of 1 machine joined",
      "scaling  asia: 0 of 10 machines joined",
    ]);
  });
});

test("the phase changes with what is wrong, not with every machine", () => {
  const first = phaseOfScaling(scaling({ eu: fleet() }));
  expect(phaseOfScaling(scaling({ eu: fleet({ joined: 5 }) }))).toBe(first);
  expect(phaseOfScaling(scaling({ eu: fleet({ problem: NO_CAPACITY }) }))).not.toBe(first);
});
