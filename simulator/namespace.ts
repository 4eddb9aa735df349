import { attempt, runOnHost } from "./host-command";
import { PREFIX } from "./place";

/** Addresses of what stands in the namespace beside the machines. */
export const ADDRESSES = {
  metadata: "169.254.169.254",
  resolver: "169.254.169.253",
  /** Amazon S3: reached by a gateway endpoint or through the internet gateway. */
  storage: "198.18.1.10",
  /** Every other AWS service: through the internet gateway only. */
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

/** How one machine is wired. */
export interface Wiring {
  readonly name: string;
  readonly mac: string;
  readonly privateIp: string;
  /** Of the subnet, e.g. 24. */
  readonly prefixLength: number;
  readonly vpcCidr: string;
  /** The subnet has a gateway endpoint of S3. */
  readonly storageEndpoint: boolean;
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

/** Makes the namespace with the bridge to which all machines are wired. The host's own routes stay as they are. */
export async function createNetwork(): Promise<void> {
  await runOnHost("ip", ["netns", "add", PREFIX]);
  const addresses = Object.values(ADDRESSES).map((address) => `address add ${address}/32 dev bridge`);
  await batch(PREFIX, [
    "link set lo up",
    `link add bridge address ${BRIDGE_MAC} type bridge`,
    "link set bridge up",
    ...addresses,
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
    ...(wiring.storageEndpoint ? [`route replace ${ADDRESSES.storage}/32 dev eth0`] : []),
  ]);
}

export async function unwire(name: string, privateIp: string): Promise<void> {
  await attempt("ip", ["-n", PREFIX, "route", "delete", `${privateIp}/32`]);
  await removeNamespace(name);
}

/** Gives a machine the way to and from the internet: its subnet has a gateway, and it has a public address now. */
export async function openInternet(name: string): Promise<void> {
  const ranges = [...INTERNET, `${ADDRESSES.storage}/32`];
  await batch(
    name,
    ranges.map((range) => `route replace ${range} dev eth0`),
  );
}

/** Pulls a machine's network cable, or plugs it in again. */
export async function setCable(name: string, plugged: boolean): Promise<void> {
  await runOnHost("ip", ["-n", PREFIX, "link", "set", name, plugged ? "up" : "down"]);
}

/** Loads rules into a machine's namespace, all at once or not at all; connections that are open stay open. */
export async function loadRules(name: string, rules: string): Promise<void> {
  await runOnHost("nsenter", [`--net=/run/netns/${name}`, "nft", "-f", "-"], { input: rules });
}

async function batch(namespace: string, lines: readonly string[]): Promise<void> {
  await runOnHost("ip", ["-n", namespace, "-batch", "-"], { input: `${lines.join("\n")}\n` });
}
