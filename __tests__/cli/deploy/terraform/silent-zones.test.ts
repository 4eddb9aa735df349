import {
  type ByZone,
  expectedIn,
  silenceOf,
  SilentZones,
} from "../../../../cli/deploy/terraform/silent-zones";
import { resource, synth } from "../../../lib/synth";

type Look = readonly [second: number, a: number, b: number];

const counts = (a: number, b: number): ByZone =>
  new Map([
    ["a", a],
    ["b", b],
  ]);

/** Seconds of silence after looks at a cluster that is to have 15 workers in each of two zones. */
function silences(...looks: readonly Look[]): Record<string, number> {
  const zones = new SilentZones(counts(15, 15), 0);
  const [last] = looks.map(([second, a, b]) => zones.look(counts(a, b), second)).reverse();
  return Object.fromEntries(last ?? []);
}

describe("SilentZones", () => {
  test("counts from the begin where none ever came", () => {
    expect(silences([70, 0, 0])).toEqual({ a: 70, b: 70 });
  });

  test("looks at each zone by itself: where some start, others may lack", () => {
    expect(silences([0, 1, 0], [60, 2, 0], [90, 3, 0])).toEqual({ a: 0, b: 90 });
    expect(silences([0, 15, 0], [90, 15, 0])).toEqual({ b: 90 });
  });

  test("begins anew with every worker", () => {
    expect(silences([80, 1, 1], [90, 1, 1])).toEqual({ a: 10, b: 10 });
    expect(silences([80, 1, 1], [90, 1, 1], [170, 1, 2])).toEqual({ a: 90, b: 0 });
  });

  test("a worker that goes is no new one", () => {
    expect(silences([0, 9, 9], [60, 8, 8], [90, 8, 8])).toEqual({ a: 90, b: 90 });
  });

  test("a zone with all of its workers, or more, is not silent: one may be about to go", () => {
    expect(silences([500, 15, 16])).toEqual({});
  });
});

test("more zones are each chosen less often", () => {
  expect([1, 2, 3, 6].map(silenceOf)).toEqual([90, 90, 90, 180]);
});

test.each([22, 40])("%i workers are expected where the stack puts them", (count) => {
  const stack = synth(`workers: { count: ${count} }\nnetwork: { zones: 3 }`);
  const placed = Object.values(resource(stack, "aws_instance.workers_instance")["for_each"] as object);
  const subnets = [1, 2, 3].map((number) => `\${aws_subnet.network_worker-subnet-${number}.id}`);
  const counted = subnets.map((subnet) => [subnet, placed.filter((each) => each === subnet).length]);
  expect([...expectedIn(subnets, count)]).toEqual(counted);
});
