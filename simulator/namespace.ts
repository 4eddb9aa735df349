import { attempt, runOnHost } from "./host-command";
import { PREFIX } from "./place";
import { ENDPOINT_RANGE } from "./regions/endpoints";

/** Addresses of what stands in the namespace beside the machines. */
export const ADDRESSES = {
  metadata: "169.254.169.254",
  resolver: "169.254.169.253",
  /** Leads out of a VPC. */
  router: "169.254.169.1",
  /** AWS's services without a region: through the internet gateway only. */
  services: "198.18.0.10",
  /** A server to load, somewhere in the internet. */
  target: "198.18.0.80",
  /** A source of packages, if a benchmark opens one; else nobody answers. */
  packages: "198.18.0.20",
  /** The office of those who use the cluster (RFC 5737), in whose name the host's traffic enters. */
  visitor: "203.0.113.7",
  /** Anybody else in the internet. */
  stranger: "198.18.0.99",
} as const;

/** RFC 2544's range for test networks and one of RFC 5737's for examples play the internet. */
const INTERNET = ["198.18.0.0/24", "203.0.113.0/24"];
const LINK_LOCAL = "169.254.169.0/24";
const WAYS_TABLE = 77;

/** How one machine is wired. */
export interface Wiring {
  readonly name: string;
  readonly mac: string;
  readonly privateIp: string;
  /** Of the subnet, e.g. 24. */
  readonly prefixLength: number;
  readonly vpcCidr: string;
  /** S3 of the region, where the subnet has a gateway endpoint. */
  readonly storage?: string;
}

/** Names of the network namespaces of this and of earlier simulators. */
export async function namespaces(): Promise<string[]> {
  const list = await runOnHost("ip", ["netns", "list"]);
  return list
    .split("\n")
    .map((line) => line.split(" ")[0] ?? "")
    .filter((name) => name === PREFIX || name.startsWith(`${PREFIX}-`));
}

export async function removeNamespace(name: string): Promise<void> {
  await attempt("ip", ["netns", "delete", name]);
}

/**
 * Of the bridge. Without one of its own it has the lowest of its machines', and changes it when that one goes: the others
 * then sent nothing for half a minute, until they asked for it again.
 */
const BRIDGE_MAC = "02:6c:63:00:00:01";

/**
 * Makes the namespace with the bridge to which all machines are wired. The host's own routes stay as they are.
 *
 * @param endpoints addresses beside those that stand here
 */
export async function createNetwork(endpoints: readonly string[]): Promise<void> {
  await runOnHost("ip", ["netns", "add", PREFIX]);
  const addresses = [...Object.values(ADDRESSES), ...endpoints];
  const added = addresses.map((address) => `address add ${address}/32 dev bridge`);
  await batch(PREFIX, [
    "link set lo up",
    `link add bridge address ${BRIDGE_MAC} type bridge`,
    "link set bridge up",
    ...added,
  ]);
}

/** What comes from a machine and is for another one goes to the device, and what comes out of the device to the machine. */
export async function openWays(device: string): Promise<void> {
  await batch(PREFIX, [
    `link set ${device} up txqueuelen 10000`,
    `route replace default dev ${device} table ${WAYS_TABLE}`,
    // The kernel's first rule is for its own addresses; those of setRules come before it.
    "rule add pref 100 lookup local",
    "rule delete pref 0",
    `rule add pref 200 iif bridge lookup ${WAYS_TABLE}`,
  ]);
}

/** Sends also what these rules select to the device, and no longer what the rules before did. */
export async function setRules(before: readonly string[], after: readonly string[]): Promise<void> {
  const [gone, added] = [without(before, after), without(after, before)];
  await batch(PREFIX, [
    ...gone.map((rule) => `rule delete pref 50 ${rule} lookup ${WAYS_TABLE}`),
    ...added.map((rule) => `rule add pref 50 ${rule} lookup ${WAYS_TABLE}`),
  ]);
}

/** Makes a machine's namespace and wires it from outside: this survives its reboots and needs nothing in the guest. */
export async function wire(wiring: Wiring): Promise<void> {
  const { name, mac, privateIp, prefixLength, vpcCidr } = wiring;
  await runOnHost("ip", ["netns", "add", name]);
  await batch(PREFIX, [
    `link add ${name} type veth peer name eth0 address ${mac} netns ${name}`,
    `link set ${name} master bridge up`,
    `route replace ${privateIp}/32 dev bridge`,
  ]);
  await batch(name, [
    "link set lo up",
    "link set eth0 up",
    `address add ${privateIp}/${prefixLength} dev eth0`,
    `route replace ${vpcCidr} dev eth0`,
    `route replace ${LINK_LOCAL} dev eth0`,
    // No default route: what a machine may reach outside its cluster has a route each.
    ...(wiring.storage ? [byRouter(`${wiring.storage}/32`)] : []),
  ]);
}

export async function unwire(name: string, privateIp: string): Promise<void> {
  await attempt("ip", ["-n", PREFIX, "route", "delete", `${privateIp}/32`]);
  await removeNamespace(name);
}

/** Gives a machine the way to and from the internet: its subnet has a gateway, and it has a public address now. */
export async function openInternet(name: string): Promise<void> {
  const ranges = INTERNET.map((range) => `route replace ${range} dev eth0`);
  await batch(name, [...ranges, byRouter(ENDPOINT_RANGE)]);
}

/** Gives a machine the ways to blocks of other VPCs, in the place of those before. */
export async function setPeerRoutes(
  name: string,
  before: readonly string[],
  after: readonly string[],
): Promise<void> {
  await batch(name, [
    ...without(before, after).map((block) => `route delete ${block} via ${ADDRESSES.router} dev eth0`),
    ...without(after, before).map(byRouter),
  ]);
}

/** Pulls a machine's network cable, or plugs it in again. */
export async function setCable(name: string, plugged: boolean): Promise<void> {
  await runOnHost("ip", ["-n", PREFIX, "link", "set", name, plugged ? "up" : "down"]);
}

/** Loads rules into a machine's namespace, all at once or not at all; connections that are open stay open. */
export async function loadRules(name: string, rules: string): Promise<void> {
  await runOnHost("nsenter", [`--net=/run/netns/${name}`, "nft", "-f", "-"], { input: rules });
}

function byRouter(block: string): string {
  return `route replace ${block} via ${ADDRESSES.router} dev eth0`;
}

function without(some: readonly string[], others: readonly string[]): string[] {
  return some.filter((one) => !others.includes(one));
}

async function batch(namespace: string, lines: readonly string[]): Promise<void> {
  if (lines.length === 0) return;
  await runOnHost("ip", ["-n", namespace, "-batch", "-"], { input: `${lines.join("\n")}\n` });
}
