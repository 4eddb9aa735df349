/**
 * Seconds without a new worker in a zone after which somebody should know. In a deploy that goes well one comes every few
 * seconds: Terraform makes ten at a time, and each is `running` half a minute later at most.
 */
export const SILENCE_S = 90;

/** Workers by zone. */
export type ByZone = ReadonlyMap<string, number>;

/** Workers of each zone, which take turns (lib/constructs/locust-workers.ts). */
export function expectedIn(zones: readonly string[], count: number): ByZone {
  return new Map(zones.map((zone, index) => [zone, Math.ceil((count - index) / zones.length)]));
}

/** Judges in which zones EC2 still starts workers. Pure. */
export class LaunchWatch {
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
   * Zones that lack workers and have got none for so long; `complete` when none lacks any.
   *
   * @param started workers that are starting or running
   */
  look(started: ByZone, now: number): readonly string[] | "complete" {
    const lacking = [...this.expected].filter(([zone, count]) => (started.get(zone) ?? 0) < count);
    if (lacking.length === 0) return "complete";
    return lacking
      .map(([zone]) => zone)
      .filter((zone) => this.silence(zone, started.get(zone) ?? 0, now) >= SILENCE_S);
  }

  private silence(zone: string, started: number, now: number): number {
    const last = this.last.get(zone);
    const since = !last || started > last.started ? now : last.since;
    this.last.set(zone, { started, since });
    return now - since;
  }
}
