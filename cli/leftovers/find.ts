import { buckets } from "./buckets";
import { instances } from "./instances";
import type { Found, Kind, Search } from "./kind";
import { routes, routeTableAssociations, securityGroupRules } from "./link-kinds";
import { addresses, keyPairs, networkInterfaces, securityGroups, volumes } from "./machine-kinds";
import { endpoints, internetGateways, routeTables, subnets, vpcs } from "./network-kinds";
import { instanceProfiles, roles } from "./role-kinds";

/** Something of this cluster that is in the account and in no state. */
export interface Leftover extends Found {
  readonly kind: Kind;
}

/** In the order in which they are removed: what uses others goes before them. */
const KINDS: readonly Kind[] = [
  instances,
  addresses,
  endpoints,
  networkInterfaces,
  volumes,
  securityGroupRules,
  routeTableAssociations,
  routes,
  subnets,
  routeTables,
  internetGateways,
  securityGroups,
  vpcs,
  keyPairs,
  instanceProfiles,
  roles,
  buckets,
];

/** Kinds that are found without a mark. */
const UNMARKED = new Set<Kind>([instances]);

/** Everything of this cluster that the state does not know, in the order in which it can be removed. */
export async function findUnknown(search: Search): Promise<readonly Leftover[]> {
  const { marks, ids } = search.knowledge;
  const kinds = marks.length > 0 ? KINDS : KINDS.filter((kind) => UNMARKED.has(kind));
  const found = await Promise.all(
    kinds.map(async (kind) => (await kind.find(search)).map((each) => ({ ...each, kind }))),
  );
  return found.flat().filter(({ id }) => !ids.has(id));
}

/** `instance i-0123 (shop-worker-1)` */
export function describeLeftover({ kind, id, name }: Leftover): string {
  return `${kind.title} ${id}${name ? ` (${name})` : ""}`;
}
