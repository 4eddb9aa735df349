/** IPv4 arithmetic on plain numbers; no network, no tokens. */
export interface Cidr {
  /** First address as a number. */
  readonly base: number;
  /** Length of the prefix, 0 to 32. */
  readonly prefix: number;
}

const CIDR = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\/(\d{1,2})$/;

/** Blocks that are never routed on the internet: RFC 1918 and the shared space of RFC 6598, which AWS accepts too. */
const PRIVATE_BLOCKS = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10"];

/** The block that `text` names, host bits cleared; undefined when it is not a CIDR at all. */
export function parseCidr(text: string): Cidr | undefined {
  const numbers = CIDR.exec(text)?.slice(1).map(Number);
  if (!numbers) return undefined;
  const prefix = numbers.pop() ?? 33;
  if (prefix > 32 || numbers.some((octet) => octet > 255)) return undefined;
  const address = numbers.reduce((sum, octet) => sum * 256 + octet, 0);
  return { base: address - (address % sizeOf(prefix)), prefix };
}

export function toCidr({ base, prefix }: Cidr): string {
  return `${toAddress(base)}/${prefix}`;
}

export function toAddress(address: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256).join(".");
}

/** Number of addresses in a block with this prefix. */
export function sizeOf(prefix: number): number {
  return 2 ** (32 - prefix);
}

export function contains(outer: Cidr, inner: Cidr): boolean {
  return (
    inner.prefix >= outer.prefix &&
    inner.base >= outer.base &&
    inner.base + sizeOf(inner.prefix) <= outer.base + sizeOf(outer.prefix)
  );
}

export function overlap(one: Cidr, other: Cidr): boolean {
  return contains(one, other) || contains(other, one);
}

export function isPrivate(block: Cidr): boolean {
  return PRIVATE_BLOCKS.some((text) => contains(parseCidr(text) as Cidr, block));
}
