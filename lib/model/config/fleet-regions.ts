import { blockOf, partitionOf, REGIONS } from "../region-blocks";
import type { Config, FleetSettings } from "./schema";

/** A region other than that of the cluster, in which fleets are. */
export interface FleetRegion {
  readonly region: string;
  /** Block of the cluster's VPC there. */
  readonly cidr: string;
  /** Image of the machines. @default - the newest Debian 13 */
  readonly imageId: string | undefined;
  /** By their names. */
  readonly fleets: Readonly<Record<string, FleetSettings>>;
}

/** All such regions, by name. */
export function fleetRegionsOf(config: Pick<Config, "region" | "regions" | "fleets">): FleetRegion[] {
  return otherRegionsOf(config).map((region) => ({
    region,
    cidr: config.regions[region]?.cidr ?? blockOf(region)!,
    imageId: config.regions[region]?.imageId,
    fleets: fleetsIn(config, region),
  }));
}

/** The fleets in a region, by their names. */
export function fleetsIn(
  { region: home, fleets }: Pick<Config, "region" | "fleets">,
  region: string,
): Readonly<Record<string, FleetSettings>> {
  return Object.fromEntries(Object.entries(fleets).filter(([, fleet]) => (fleet.region ?? home) === region));
}

/** Names of the regions other than that of the cluster in which fleets are. */
export function otherRegionsOf({ region: home, fleets }: Pick<Config, "region" | "fleets">): string[] {
  const all = Object.values(fleets).map(({ region = home }) => region);
  return [...new Set(all)].filter((region) => region !== home).sort();
}

/** Regions in which a cluster may have, or may have had, fleets: all that are known, and all that the settings name. */
export function providerRegions(config: Pick<Config, "region" | "regions" | "fleets">): string[] {
  const { region: home, regions } = config;
  const all = new Set([...REGIONS, ...Object.keys(regions), ...otherRegionsOf(config)]);
  return [...all].filter((region) => region !== home && partitionOf(region) === partitionOf(home));
}
