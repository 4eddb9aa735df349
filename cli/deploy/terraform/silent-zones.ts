import { LONGEST_TRY_MIN } from "../../../lib/model/max-retries";
import { placeOf } from "../../../lib/model/worker-placement";

/** Workers by zone. */
export type ByZone = ReadonlyMap<string, number>;

/** @param zones of the workers, one for each */
export function countByZone(zones: readonly string[]): ByZone {
  const counts = new Map<string, number>();
  for (const zone of zones) counts.set(zone, (counts.get(zone) ?? 0) + 1);
  return counts;
}

/** Workers of each zone, when there are so many in all. */
export function expectedIn(zones: readonly string[], count: number): ByZone {
  return countByZone(Array.from({ length: count }, (_, index) => placeOf(index, zones)));
}

/** A zone that lacks workers. */
interface Lack {
  readonly zone: string;
  readonly started: number;
  readonly expected: number;
  /** Seconds since the last worker came. */
  readonly silence: number;
}

/** Knows in which zones EC2 starts no more workers. Pure. */
export class SilentZones {
  /**
   * Seconds without a new worker in a zone after which somebody should know.
   *
   * Terraform makes ten at a time, this watch among them, in zones at random, and one takes up to half a minute: with three
   * zones each gets a worker every 10 s then, and is silent for 90 s once in 8,000 times (e to the ninth). With more zones
   * each is chosen less often.
   */
  readonly limit: number;
  private readonly last = new Map<string, { readonly started: number; readonly since: number }>();
  private lacks: readonly Lack[] = [];

  /**
   * @param expected workers of the cluster
   * @param begin seconds of any steady clock
   */
  constructor(
    private readonly expected: ByZone,
    private readonly begin: number,
  ) {
    this.limit = 30 * Math.max(3, expected.size);
  }

  /**
   * Takes what was seen.
   *
   * @param started workers that are starting or running; nothing when that is not known
   */
  look(started: ByZone | undefined, now: number): void {
    this.lacks = [...this.expected]
      .map(([zone, expected]) => {
        const last = this.last.get(zone) ?? { started: 0, since: this.begin };
        const count = started ? (started.get(zone) ?? 0) : last.started;
        const since = count > last.started ? now : last.since;
        this.last.set(zone, { started: count, since });
        return { zone, started: count, expected, silence: now - since };
      })
      .filter((each) => each.started < each.expected);
  }

  /** Whether no zone lacks a worker. */
  get isComplete(): boolean {
    return this.lacks.length === 0;
  }

  /** Seconds of silence in the zone that waits for longest. */
  get longest(): number {
    return Math.max(0, ...this.lacks.map(({ silence }) => silence));
  }

  /** Zones that have been silent for too long. */
  get silent(): readonly Lack[] {
    return this.lacks.filter(({ silence }) => silence >= this.limit);
  }
}

/** @param stop command that ends Terraform in order */
export function describeSilence({ silent, limit }: SilentZones, instanceType: string, stop: string): string {
  const where = silent.map(({ zone, started, expected }) => `${zone} (${started} of ${expected} are there)`);
  return (
    `no worker has started for ${limit} s in ${where.join(" and ")}: EC2 may have no ${instanceType} there now. ` +
    "Do not press Ctrl-C: it kills cdktf and may lose the state. " +
    `Wait (Terraform retries for up to ${LONGEST_TRY_MIN} min), or stop with '${stop}', choose another ` +
    "instance type or region, and deploy again"
  );
}
