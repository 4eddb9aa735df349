import { ADDRESSES } from "./namespace";

/** One rule of a security group, as DescribeSecurityGroups has it. */
export interface GroupRule {
  /** `tcp`, `udp`, `icmp` or `-1` for everything. */
  readonly protocol: string;
  readonly fromPort?: number;
  readonly toPort?: number;
  readonly cidrs: readonly string[];
  /** Groups whose members are meant. */
  readonly groupIds: readonly string[];
}

export interface SecurityGroup {
  readonly id: string;
  readonly ingress: readonly GroupRule[];
  readonly egress: readonly GroupRule[];
}

type Direction = "ingress" | "egress";

/** AWS never filters what a machine asks of its own metadata service and resolver. */
const UNFILTERED = `ip daddr { ${ADDRESSES.metadata}, ${ADDRESSES.resolver} } accept`;

function setName(groupId: string): string {
  return groupId.replaceAll("-", "_");
}

function protocolMatch({ protocol, fromPort, toPort }: GroupRule): string {
  if (protocol === "-1") return "";
  if (protocol === "icmp") return "meta l4proto icmp ";
  if (fromPort === undefined || fromPort < 0) return `meta l4proto ${protocol} `;
  return `${protocol} dport ${fromPort}-${toPort ?? fromPort} `;
}

function ruleLines(rule: GroupRule, direction: Direction): string[] {
  const peer = direction === "ingress" ? "ip saddr" : "ip daddr";
  const match = protocolMatch(rule);
  return [
    ...rule.cidrs.map((cidr) => `${match}${peer} ${cidr} accept`),
    ...rule.groupIds.map((id) => `${match}${peer} @${setName(id)} accept`),
  ];
}

function chain(name: string, hook: string, first: readonly string[], rules: readonly string[]): string {
  const lines = [
    `type filter hook ${hook} priority 0; policy drop;`,
    ...first,
    "ct state established,related accept",
    ...rules,
  ];
  return [`  chain ${name} {`, ...lines.map((line) => `    ${line}`), "  }"].join("\n");
}

/**
 * Security groups of one machine as a ruleset for nft: what no rule admits is dropped without an answer, as on AWS.
 *
 * @param groups the groups of the machine
 * @param members private addresses by group, of every group that a rule may name
 */
export function renderRules(
  groups: readonly SecurityGroup[],
  members: ReadonlyMap<string, readonly string[]>,
): string {
  const named = new Set(groups.flatMap((g) => [...g.ingress, ...g.egress]).flatMap((rule) => rule.groupIds));
  const sets = [...named].sort().map((id) => {
    const elements = members.get(id) ?? [];
    const content = elements.length > 0 ? ` elements = { ${[...elements].sort().join(", ")} }` : "";
    return `  set ${setName(id)} { type ipv4_addr;${content} }`;
  });
  const linesOf = (direction: Direction) =>
    groups.flatMap((g) => g[direction]).flatMap((r) => ruleLines(r, direction));
  return [
    // Made if it is not there, then replaced as a whole.
    "table inet groups {}",
    "delete table inet groups",
    "table inet groups {",
    ...sets,
    chain("input", "input", ["iif lo accept"], linesOf("ingress")),
    chain("output", "output", ["oif lo accept", UNFILTERED], linesOf("egress")),
    "}",
    "",
  ].join("\n");
}
