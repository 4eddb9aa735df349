import {
  type ByZone,
  expectedIn,
  LaunchWatch,
  SILENCE_S,
} from "../../../../cli/deploy/terraform/launch-watch";

type Look = readonly [second: number, a: number, b: number];

const counts = (a: number, b: number): ByZone =>
  new Map([
    ["a", a],
    ["b", b],
  ]);

/** The last verdict after looks at a cluster that is to have 15 workers in each of two zones. */
function verdict(...looks: readonly Look[]): readonly string[] | "complete" | undefined {
  const watch = new LaunchWatch(counts(15, 15), 0);
  return looks.map(([second, a, b]) => watch.look(counts(a, b), second)).at(-1);
}

describe("LaunchWatch", () => {
  test("names zones that have got no worker for so long", () => {
    expect(verdict([SILENCE_S - 1, 0, 0])).toEqual([]);
    expect(verdict([SILENCE_S, 0, 0])).toEqual(["a", "b"]);
  });

  test("looks at each zone by itself: where some start, others may lack", () => {
    expect(verdict([0, 1, 0], [60, 2, 0], [SILENCE_S, 3, 0])).toEqual(["b"]);
    expect(verdict([0, 15, 0], [SILENCE_S, 15, 0])).toEqual(["b"]);
  });

  test("begins anew with every worker", () => {
    expect(verdict([80, 1, 1], [SILENCE_S, 1, 1])).toEqual([]);
    expect(verdict([80, 1, 1], [SILENCE_S, 1, 1], [80 + SILENCE_S, 1, 2])).toEqual(["a"]);
  });

  test("a worker that goes is no new one", () => {
    expect(verdict([0, 9, 9], [60, 8, 8], [SILENCE_S, 8, 8])).toEqual(["a", "b"]);
  });

  test("ends when all are there, or more: one may be about to go", () => {
    expect(verdict([500, 15, 16])).toBe("complete");
  });
});

test("workers take turns in their zones", () => {
  expect([...expectedIn(["a", "b", "c"], 22)]).toEqual([
    ["a", 8],
    ["b", 7],
    ["c", 7],
  ]);
  expect([...expectedIn(["a"], 22)]).toEqual([["a", 22]]);
});
