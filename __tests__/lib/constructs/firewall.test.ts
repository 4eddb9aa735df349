import { resources, synth } from "../synth";

const GROUPS: Readonly<Record<string, string>> = {
  "${aws_security_group.firewall_master.id}": "master",
  "${aws_security_group.firewall_workers.id}": "workers",
};

/** `who → group:port`, sorted. */
function admitted(yaml = ""): string[] {
  return resources(synth(yaml), "aws_vpc_security_group_ingress_rule")
    .map(([, rule]) => {
      expect(rule["from_port"]).toBe(rule["to_port"]);
      expect(rule["ip_protocol"]).toBe("tcp");
      const source = String(rule["cidr_ipv4"] ?? rule["referenced_security_group_id"]);
      const group = GROUPS[String(rule["security_group_id"])] ?? "?";
      return `${GROUPS[source] ?? source} → ${group}:${String(rule["to_port"])}`;
    })
    .sort();
}

describe("Firewall", () => {
  test("admits users on 8089, SSH everywhere, and workers on 5557; nothing else", () => {
    expect(admitted()).toEqual([
      "0.0.0.0/0 → master:22",
      "0.0.0.0/0 → master:8089",
      "0.0.0.0/0 → workers:22",
      "workers → master:5557",
    ]);
  });

  test("admits workers of another region by the block of their VPC", () => {
    expect(admitted("access: { sshCidrs: [], webCidrs: [] }\nfleets: { eu: { region: eu-west-1 } }")).toEqual(
      ["10.102.0.0/16 → master:5557", "workers → master:5557"],
    );
  });

  test("admits only those that the configuration names", () => {
    expect(
      admitted("access: { webCidrs: [198.51.100.0/24, 203.0.113.7/32], sshCidrs: [203.0.113.7/32] }"),
    ).toEqual([
      "198.51.100.0/24 → master:8089",
      "203.0.113.7/32 → master:22",
      "203.0.113.7/32 → master:8089",
      "203.0.113.7/32 → workers:22",
      "workers → master:5557",
    ]);
  });

  test("admits nobody when the lists are empty", () => {
    expect(admitted("access: { webCidrs: [], sshCidrs: [] }")).toEqual(["workers → master:5557"]);
  });

  test("lets each group out by one explicit rule", () => {
    const rules = resources(synth(), "aws_vpc_security_group_egress_rule").map(([, rule]) => rule);
    expect(rules.map((rule) => GROUPS[String(rule["security_group_id"])])).toEqual(["master", "workers"]);
    for (const rule of rules) expect(rule).toMatchObject({ cidr_ipv4: "0.0.0.0/0", ip_protocol: "-1" });
  });

  test("has no rules inside the groups, where Terraform would fight over them", () => {
    for (const [, group] of resources(synth(), "aws_security_group")) {
      expect(group).not.toHaveProperty("ingress");
      expect(group).not.toHaveProperty("egress");
    }
  });

  test("describes groups and rules in the characters that EC2 takes", () => {
    // docs.aws.amazon.com/AWSEC2/latest/APIReference: IpRange, CreateSecurityGroup.
    const allowed = /^[a-zA-Z0-9 ._\-:/()#,@[\]+=&;{}!$*]{1,255}$/;
    const described = [
      "aws_security_group",
      "aws_vpc_security_group_ingress_rule",
      "aws_vpc_security_group_egress_rule",
    ].flatMap((type) => resources(synth(), type).map(([, { description }]) => String(description)));
    expect(described).toHaveLength(8);
    for (const description of described) expect(description).toMatch(allowed);
  });

  test("keeps the address of a rule when others come and go", () => {
    const addresses = (cidrs: string): string[] =>
      resources(synth(`access: { webCidrs: [${cidrs}] }`), "aws_vpc_security_group_ingress_rule").map(
        ([address]) => address,
      );
    expect(addresses("198.51.100.0/24, 203.0.113.7/32")).toEqual(
      expect.arrayContaining(addresses("203.0.113.7/32")),
    );
  });
});
