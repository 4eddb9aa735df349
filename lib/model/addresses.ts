import { parseCidr, sizeOf, toAddress, toCidr } from "./cidr";

/** Where everything lies in the cluster's VPC. */
export interface AddressPlan {
  /** A /28 for the master alone: in a subnet shared with workers, one of them would get its address sooner or later. */
  readonly masterSubnet: string;
  /** The master's fixed private address. */
  readonly masterIp: string;
  /** One subnet for the workers of each zone. */
  readonly workerSubnets: readonly string[];
  /** Number of workers that find an address. */
  readonly workerRoom: number;
}

/** AWS keeps the first four addresses and the last one of every subnet (VPC user guide, "Subnet CIDR blocks"). */
const RESERVED_FIRST = 4;
const RESERVED = RESERVED_FIRST + 1;

/** The smallest subnet that AWS makes. */
const SMALLEST = 28;

/** Zones that a VPC is laid out for when it has room, so that another zone never moves the subnets of the others. */
const ROOMY_PARTS = 8;

/**
 * Divides the VPC into equal parts: the first begins with the master's /28, each of the others is one zone's subnet.
 *
 * @returns undefined when the VPC is too small for that many zones
 */
export function planAddresses(vpcCidr: string, zones: number): AddressPlan | undefined {
  const vpc = parseCidr(vpcCidr);
  if (!vpc) return undefined;
  const bits = partBits(vpc.prefix, zones);
  const prefix = vpc.prefix + bits;
  if (prefix > SMALLEST) return undefined;

  const workerSubnets = Array.from({ length: zones }, (_, zone) =>
    toCidr({ base: vpc.base + (zone + 1) * sizeOf(prefix), prefix }),
  );
  return {
    masterSubnet: toCidr({ base: vpc.base, prefix: SMALLEST }),
    masterIp: toAddress(vpc.base + RESERVED_FIRST),
    workerSubnets,
    workerRoom: zones * (sizeOf(prefix) - RESERVED),
  };
}

/** log2 of the number of parts. */
function partBits(vpcPrefix: number, zones: number): number {
  const needed = Math.ceil(Math.log2(zones + 1));
  const roomy = Math.log2(ROOMY_PARTS);
  return Math.max(needed, Math.min(roomy, SMALLEST - vpcPrefix));
}
