import { placeOf } from "../../../lib/model/worker-placement";

/**
 * Seconds without a new worker in a zone after which somebody should know.
 *
 * Terraform makes ten at a time, in zones at random, and one takes up to half a minute: with three zones none is silent for
 * so long in one of 300 healthy deploys, and each further zone is chosen less often.
 */
export function silenceOf(zones: number): number {
  return 30 * Math.max(3, zones);
}

/** Workers by zone. */
export type ByZone = ReadonlyMap<string, number>;

/** Workers of each zone, when there are so many in all. */
export function expectedIn(zones: readonly string[], count: number): ByZone {
  const expected = new Map(zones.map((zone) => [zone, 0]));
  for (let index = 0; index < count; index += 1) {
    const zone = placeOf(index, zones);
    expected.set(zone, (expected.get(zone) ?? 0) + 1);
  }
  return expected;
}

/** Tells in which zones EC2 starts no more workers. Pure. */
export class SilentZones {
  private readonly last: Map<string, { started: number; since: number }>;

  /**
   * @param expected workers of the cluster
   * @param now seconds of any steady clock
   */
  constructor(
    private readonly expected: ByZone,
    now: number,
  ) {
    this.last = new Map([...expected.keys()].map((zone) => [zone, { started: 0, since: now }]));
  }

  /**
   * Zones that lack workers, with the seconds since they got the last one; empty when none lacks any.
   *
   * @param started workers that are starting or running
   */
  look(started: ByZone, now: number): ByZone {
    const lacking = [...this.expected].filter(([zone, count]) => (started.get(zone) ?? 0) < count);
    return new Map(lacking.map(([zone]) => [zone, this.silence(zone, started.get(zone) ?? 0, now)]));
  }

  private silence(zone: string, started: number, now: number): number {
    const last = this.last.get(zone);
    const since = !last || started > last.started ? now : last.since;
    this.last.set(zone, { started, since });
    return now - since;
  }
}
