import type { RegionEndpoints } from "./endpoints";
import type { Peering } from "./peering";

/** How packets get from one network to another, as carry_packets.py reads it. */
export interface Way {
  readonly from: string;
  readonly to: string;
  readonly delayMs: number;
}

/** A block of addresses in a region. */
interface Place {
  readonly region: string;
  readonly cidr: string;
}

/** A packet's time from one region to another: 80 ms there and back, about as far as over the Atlantic. */
const DELAY_MS = 40;

/** Two places that have something to say to each other. */
export type Pair = readonly [Place, Place];

/** Peered VPCs, each pair once. */
export function peeredPairs(peerings: readonly Peering[]): Pair[] {
  return [...new Map(peerings.map(({ id, sides }) => [id, sides])).values()];
}

/** VPCs, and the endpoints of the other regions that have any. */
export function endpointPairs(
  vpcs: readonly Place[],
  endpoints: ReadonlyMap<string, RegionEndpoints>,
): Pair[] {
  const regions = [...new Set(vpcs.map(({ region }) => region))];
  const of = (region: string): Place[] => {
    const { storage, services } = endpoints.get(region)!;
    return [storage, services].map((address) => ({ region, cidr: `${address}/32` }));
  };
  return vpcs.flatMap((vpc) => {
    const others = regions.filter((region) => region !== vpc.region);
    return others.flatMap(of).map((endpoint): Pair => [vpc, endpoint]);
  });
}

/** Both ways of each pair whose regions are linked. */
export function waysOf(pairs: readonly Pair[], cut: ReadonlySet<string>): Way[] {
  return pairs
    .filter(([a, b]) => !cut.has(linkName(a.region, b.region)))
    .flatMap(([a, b]) => {
      const delayMs = a.region === b.region ? 0 : DELAY_MS;
      return [
        { from: a.cidr, to: b.cidr, delayMs },
        { from: b.cidr, to: a.cidr, delayMs },
      ];
    });
}

/** The same for either order of the regions. */
export function linkName(a: string, b: string): string {
  return [a, b].sort().join(" ");
}
