/** A VPC at an end of a peering connection. */
export interface PeeringSide {
  readonly region: string;
  readonly vpcId: string;
  readonly cidr: string;
}

/** A peering connection that is active. */
export interface Peering {
  readonly id: string;
  readonly sides: readonly [PeeringSide, PeeringSide];
}

/** What a route table says of peering connections. */
export interface RouteTable {
  readonly vpcId: string;
  /** It holds for subnets without a table of their own. */
  readonly isMain: boolean;
  readonly subnetIds: readonly string[];
  readonly peerRoutes: readonly { readonly destination: string; readonly peeringId: string }[];
}

/** What leads from the VPCs of a region to others. */
export interface Peerings {
  readonly peerings: readonly Peering[];
  readonly tables: readonly RouteTable[];
}

export const NO_PEERINGS: Peerings = { peerings: [], tables: [] };

/** Blocks that a machine may send to over peering connections, sorted. */
export function peerRoutes(
  { subnetId, vpcId }: { readonly subnetId: string; readonly vpcId: string },
  { peerings, tables }: Peerings,
): string[] {
  const ofVpc = tables.filter((table) => table.vpcId === vpcId);
  const table =
    ofVpc.find(({ subnetIds }) => subnetIds.includes(subnetId)) ?? ofVpc.find(({ isMain }) => isMain);
  const active = new Set(peerings.map(({ id }) => id));
  const routes = (table?.peerRoutes ?? []).filter(({ peeringId }) => active.has(peeringId));
  return routes.map(({ destination }) => destination).sort();
}
