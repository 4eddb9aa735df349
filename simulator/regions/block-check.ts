import { overlap, parseCidr } from "../../lib/model/cidr";

/** A VPC with a machine in it. */
export interface PlayedVpc {
  readonly id: string;
  readonly region: string;
  readonly cidr: string;
}

/** Refuses a VPC whose addresses another one has already: the simulator knows machines by their addresses. */
export function checkBlock(vpc: PlayedVpc, others: readonly PlayedVpc[]): void {
  const taken = others.find((other) => other.id !== vpc.id && shareAddresses(other.cidr, vpc.cidr));
  if (!taken) return;
  throw new Error(
    `${nameOf(vpc)} cannot be played: its block ${vpc.cidr} overlaps ${taken.cidr} of ${nameOf(taken)}; give one of them another block, and start it again`,
  );
}

function nameOf({ id, region }: PlayedVpc): string {
  return `${id} in ${region}`;
}

function shareAddresses(one: string, other: string): boolean {
  const [a, b] = [parseCidr(one), parseCidr(other)];
  return a !== undefined && b !== undefined && overlap(a, b);
}
