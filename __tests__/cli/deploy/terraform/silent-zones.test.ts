import {
  type ByZone,
  describeSilence,
  expectedIn,
  SilentZones,
} from "../../../../cli/deploy/terraform/silent-zones";
import { resource, synth } from "../../../lib/synth";

type Look = readonly [second: number, counts: readonly [a: number, b: number] | undefined];

const byZone = ([a, b]: readonly [number, number]): ByZone =>
  new Map([
    ["a", a],
    ["b", b],
  ]);

/** After looks at a cluster that is to have 15 workers in each of two zones. */
function after(...looks: readonly Look[]): SilentZones {
  const zones = new SilentZones(byZone([15, 15]), 0);
  for (const [second, counts] of looks) zones.look(counts && byZone(counts), second);
  return zones;
}

const namesOf = ({ silent }: SilentZones): string[] => silent.map(({ zone }) => zone);

describe("SilentZones", () => {
  test("counts from the begin where none ever came", () => {
    expect(namesOf(after([89, [0, 0]]))).toEqual([]);
    expect(namesOf(after([90, [0, 0]]))).toEqual(["a", "b"]);
  });

  test("looks at each zone by itself: where some start, others may lack", () => {
    expect(namesOf(after([0, [1, 0]], [60, [2, 0]], [90, [3, 0]]))).toEqual(["b"]);
    expect(namesOf(after([0, [15, 0]], [90, [15, 0]]))).toEqual(["b"]);
  });

  test("begins anew with every worker", () => {
    expect(after([80, [1, 1]], [90, [1, 1]]).longest).toBe(10);
    expect(namesOf(after([80, [1, 1]], [90, [1, 1]], [170, [1, 2]]))).toEqual(["a"]);
  });

  test("a worker that goes is no new one", () => {
    expect(namesOf(after([0, [9, 9]], [60, [8, 8]], [90, [8, 8]]))).toEqual(["a", "b"]);
  });

  test("time goes on while EC2 does not answer", () => {
    expect(namesOf(after([10, [3, 3]], [60, undefined], [100, undefined]))).toEqual(["a", "b"]);
    expect(after([10, undefined]).isComplete).toBe(false);
  });

  test("a zone with all of its workers, or more, lacks none: one may be about to go", () => {
    expect(after([500, [15, 14]]).isComplete).toBe(false);
    expect(after([500, [15, 16]]).isComplete).toBe(true);
  });

  test.each([
    [1, 90],
    [3, 90],
    [6, 180],
  ])("in %i zones, each may be silent for %i s", (count, seconds) => {
    const zones = Array.from({ length: count }, (_, index) => `zone-${index}`);
    expect(new SilentZones(expectedIn(zones, 40), 0).limit).toBe(seconds);
  });
});

test("what is said names zones, counts and what to do", () => {
  expect(describeSilence(after([0, [1, 15]], [90, [1, 15]]), "c7g.large", "kill -INT 47")).toBe(
    "no worker has started for 90 s in a (1 of 15 are there): EC2 may have no c7g.large there now. Do not press Ctrl-C: it kills cdktf " +
      "and may lose the state. Wait (Terraform retries for up to 45 min), or stop with 'kill -INT 47', choose another instance type or " +
      "region, and deploy again",
  );
});

test.each([22, 40])("%i workers are expected where the stack puts them", (count) => {
  const stack = synth(`workers: { count: ${count} }\nnetwork: { zones: 3 }`);
  const placed = Object.values(resource(stack, "aws_instance.workers_instance")["for_each"] as object);
  const subnets = [1, 2, 3].map((number) => `\${aws_subnet.network_worker-subnet-${number}.id}`);
  const counted = subnets.map((subnet) => [subnet, placed.filter((each) => each === subnet).length]);
  expect([...expectedIn(subnets, count)]).toEqual(counted);
});
