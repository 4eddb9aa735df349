import { isAccessDenied } from "../../../aws/aws-errors";
import { buckets } from "./buckets";
import { autoScalingGroups, launchTemplates } from "./fleet-kinds";
import { instances } from "./instances";
import type { Found, Kind, Search } from "./kind";
import { routes, routeTableAssociations, securityGroupRules } from "./link-kinds";
import { addresses, keyPairs, securityGroups } from "./machine-kinds";
import { endpoints, internetGateways, peerings, routeTables, subnets, vpcs } from "./network-kinds";
import { instanceProfiles, roles } from "./role-kinds";

/** Something of this cluster that is in the account and in no state. */
export interface Leftover extends Found {
  readonly kind: Kind;
  /** In which it is. @default - that of the cluster */
  readonly region?: string;
}

/** Something that the caller may not look at, or a region that does not answer. */
export interface Unseen {
  /** `VPC endpoints`, or one: `role shop-master-role-1`; or `resources in eu-central-1`. */
  readonly what: string;
  /** AWS's refusal, or why there was no answer. */
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

/** Only in the cluster's own region; it goes before what it connects in another one. */
const PEERINGS: readonly Kind[] = [peerings];

/** Kinds that only a cluster with fleets has: who deploys others needs no permission to look for them. */
const OF_FLEETS = new Set<Kind>([autoScalingGroups, launchTemplates]);

/** Kinds that are found without a mark. */
const UNMARKED = new Set<Kind>([instances]);

/** Everything of this cluster that the state does not know, in all of its regions. A refused call hides its own kind only. */
export async function findUnknown(search: Search, kinds = KINDS): Promise<Findings> {
  const others = search.elsewhere;
  if (others.length === 0) return findHere(search, kinds);
  const all = await Promise.all([
    findHere(search, PEERINGS),
    ...others.map((each) =>
      findElsewhere(
        each,
        kinds.filter((kind) => EC2_KINDS.includes(kind)),
      ),
    ),
    findHere(search, kinds),
  ]);
  return {
    leftovers: all.flatMap(({ leftovers }) => leftovers),
    unseen: all.flatMap(({ unseen }) => unseen),
  };
}

/** A region that fails hides itself only. When the cluster's own fails, nothing is known. */
async function findElsewhere(search: Search, kinds: readonly Kind[]): Promise<Findings> {
  const { region } = search;
  const { leftovers, unseen } = await findHere(search, kinds).catch((error: unknown) => ({
    leftovers: [],
    unseen: [{ what: "resources", error }],
  }));
  return {
    leftovers: leftovers.map((each) => ({ ...each, region })),
    unseen: unseen.map(({ what, error }) => ({ what: `${what} in ${region}`, error })),
  };
}

async function findHere(search: Search, kinds: readonly Kind[]): Promise<Findings> {
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

/** `instance i-0123 (shop-worker-1) in eu-central-1` */
export function describeLeftover({ kind, id, name, region }: Leftover): string {
  return `${kind.title} ${id}${name ? ` (${name})` : ""}${region ? ` in ${region}` : ""}`;
}
