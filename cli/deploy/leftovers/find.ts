import { isAccessDenied } from "../../../aws/aws-errors";
import { buckets } from "./buckets";
import { autoScalingGroups, launchTemplates } from "./fleet-kinds";
import { instances } from "./instances";
import type { Found, Kind, Search } from "./kind";
import { routes, routeTableAssociations, securityGroupRules } from "./link-kinds";
import { addresses, keyPairs, securityGroups } from "./machine-kinds";
import { endpoints, internetGateways, routeTables, subnets, vpcs } from "./network-kinds";
import { instanceProfiles, roles } from "./role-kinds";

/** Something of this cluster that is in the account and in no state. */
export interface Leftover extends Found {
  readonly kind: Kind;
}

/** Something that the caller may not look at. */
export interface Unseen {
  /** `VPC endpoints`, or one: `role shop-master-role-1`. */
  readonly what: string;
  /** AWS's refusal. */
  readonly error: unknown;
}

/** Result of a search. */
export interface Findings {
  /** In the order in which they can be removed. */
  readonly leftovers: readonly Leftover[];
  readonly unseen: readonly Unseen[];
}

/** What EC2 has, in the order in which it is removed: what uses others goes before them. */
export const EC2_KINDS: readonly Kind[] = [
  // First: it would start others in the place of its machines.
  autoScalingGroups,
  launchTemplates,
  instances,
  addresses,
  endpoints,
  securityGroupRules,
  routeTableAssociations,
  routes,
  subnets,
  routeTables,
  internetGateways,
  securityGroups,
  vpcs,
  keyPairs,
];

/** All kinds, in that order. */
const KINDS: readonly Kind[] = [...EC2_KINDS, instanceProfiles, roles, buckets];

/** Kinds that only a cluster with fleets has: who deploys others needs no permission to look for them. */
const OF_FLEETS = new Set<Kind>([autoScalingGroups, launchTemplates]);

/** Kinds that are found without a mark. */
const UNMARKED = new Set<Kind>([instances]);

/** Everything of this cluster that the state does not know. A refused call hides its own kind only. */
export async function findUnknown(search: Search, kinds = KINDS): Promise<Findings> {
  const { marks, ids, fleets } = search.knowledge;
  const asked = kinds.filter(
    (kind) => (marks.length > 0 || UNMARKED.has(kind)) && (fleets || !OF_FLEETS.has(kind)),
  );
  const looks = await Promise.all(asked.map((kind) => look(kind, search)));
  return {
    leftovers: looks.flatMap(({ leftovers }) => leftovers).filter(({ id }) => !ids.has(id)),
    unseen: looks.flatMap(({ unseen }) => unseen),
  };
}

async function look(kind: Kind, search: Search): Promise<Findings> {
  try {
    const found = (await kind.find(search)).map((each) => ({ ...each, kind }));
    return {
      leftovers: found.filter(({ denied }) => denied === undefined),
      unseen: found
        .filter(({ denied }) => denied !== undefined)
        .map((each) => ({ what: describeLeftover(each), error: each.denied })),
    };
  } catch (error) {
    if (!isAccessDenied(error)) throw error;
    return { leftovers: [], unseen: [{ what: `${kind.title}s`, error }] };
  }
}

/** `instance i-0123 (shop-worker-1)` */
export function describeLeftover({ kind, id, name }: Leftover): string {
  return `${kind.title} ${id}${name ? ` (${name})` : ""}`;
}
