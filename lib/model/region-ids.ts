/** The construct with what a cluster has in another region: the names of its resources in a state begin with this. */
export function regionId(region: string): string {
  return `region-${region}`;
}

/** The construct with the way to another region. */
export function peeringId(region: string): string {
  return `peering-${region}`;
}

/** The route of a peering that is in the other region. The accepter is there, too, and has the id of the connection. */
export const ROUTE_BACK = "route-back";

const REGIONAL = new RegExp(`^${regionId("([a-z0-9-]+?)")}_`);
const ROUTE = new RegExp(`^${peeringId("([a-z0-9-]+)")}_${ROUTE_BACK}$`);

/** The other region in which a resource of a state is, by its name; undefined for that of the cluster. */
export function regionOfResource(name: string): string | undefined {
  return REGIONAL.exec(name)?.[1] ?? ROUTE.exec(name)?.[1];
}
