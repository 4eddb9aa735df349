import { type GroupRule, renderRules, type SecurityGroup } from "../../simulator/firewall";

const everyone = ["0.0.0.0/0"];
const rule = (changes: Partial<GroupRule>): GroupRule => ({
  protocol: "tcp",
  cidrs: [],
  groupIds: [],
  ...changes,
});

const master: SecurityGroup = {
  id: "sg-master",
  ingress: [
    rule({ fromPort: 8089, toPort: 8089, cidrs: everyone }),
    rule({ fromPort: 5557, toPort: 5557, groupIds: ["sg-workers"] }),
  ],
  egress: [rule({ protocol: "-1", cidrs: everyone })],
};

const chainOf = (rules: string, name: string): string =>
  new RegExp(`chain ${name} \\{([^}]*(?:\\{[^}]*\\}[^}]*)*)\\n  \\}`).exec(rules)?.[1] ?? "";

describe("security groups as nft rules", () => {
  const rules = renderRules([master], new Map([["sg-workers", ["10.77.1.9", "10.77.1.4"]]]));

  test("a port is open to whom a rule names, and dropped without an answer for all others", () => {
    const input = chainOf(rules, "input");
    expect(input).toContain("policy drop");
    expect(input).toContain("tcp dport 8089-8089 ip saddr 0.0.0.0/0 accept");
    expect(input).not.toContain("dport 22");
  });

  test("a group as source means the addresses of its members", () => {
    expect(rules).toContain("set sg_workers { type ipv4_addr; elements = { 10.77.1.4, 10.77.1.9 } }");
    expect(chainOf(rules, "input")).toContain("tcp dport 5557-5557 ip saddr @sg_workers accept");
  });

  test("a group without members admits nobody", () => {
    expect(renderRules([master], new Map())).toContain("set sg_workers { type ipv4_addr; }");
  });

  test("what a machine sends is filtered too, except to its metadata service and resolver", () => {
    const closed = renderRules([{ id: "sg-closed", ingress: [], egress: [] }], new Map());
    const output = chainOf(closed, "output");
    expect(output).toContain("policy drop");
    expect(output).toContain("ip daddr { 169.254.169.254, 169.254.169.253 } accept");
    expect(output).not.toContain("0.0.0.0/0");
    expect(chainOf(rules, "output")).toContain("\n    ip daddr 0.0.0.0/0 accept");
  });
});
