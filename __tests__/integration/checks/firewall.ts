import {
  DescribeInstancesCommand,
  DescribeSecurityGroupsCommand,
  type SecurityGroup,
} from "@aws-sdk/client-ec2";
import type { Deployed } from "./deployed";

const everyone = ["0.0.0.0/0"];
const everythingOut = [["-1", undefined, everyone, []]];

/** Who may come in by which port, in a form that reads like a sentence. */
const rulesOf = (
  group: SecurityGroup | undefined,
  direction: "IpPermissions" | "IpPermissionsEgress",
): unknown[] =>
  (group?.[direction] ?? [])
    .map((rule) => [
      rule.IpProtocol,
      rule.FromPort === rule.ToPort ? rule.FromPort : `${rule.FromPort}-${rule.ToPort}`,
      (rule.IpRanges ?? []).map(({ CidrIp }) => CidrIp),
      (rule.UserIdGroupPairs ?? []).map(({ GroupId }) => GroupId),
    ])
    .sort((a, b) => Number(a[1]) - Number(b[1]));

export function checkFirewall(deployed: () => Deployed): void {
  const groups = async (): Promise<Record<"master" | "workers", SecurityGroup | undefined>> => {
    const { api, config } = deployed();
    const { SecurityGroups = [] } = await api.ec2.send(new DescribeSecurityGroupsCommand());
    const named = (name: string) =>
      SecurityGroups.find(({ GroupName }) => GroupName?.startsWith(`${config.name}-${name}-`));
    return { master: named("master"), workers: named("workers") };
  };

  test("the master admits 22 and 8089 from everywhere and 5557 from the workers' group only", async () => {
    const { master, workers } = await groups();
    expect(rulesOf(master, "IpPermissions")).toEqual([
      ["tcp", 22, everyone, []],
      ["tcp", 5557, [], [workers?.GroupId]],
      ["tcp", 8089, everyone, []],
    ]);
  });

  test("workers admit 22 only", async () => {
    expect(rulesOf((await groups()).workers, "IpPermissions")).toEqual([["tcp", 22, everyone, []]]);
  });

  test("both have one rule for everything out", async () => {
    const { master, workers } = await groups();
    expect(rulesOf(master, "IpPermissionsEgress")).toEqual(everythingOut);
    expect(rulesOf(workers, "IpPermissionsEgress")).toEqual(everythingOut);
  });

  test("every machine is in its role's group and in no other", async () => {
    const { api, outputs } = deployed();
    const { master, workers } = await groups();
    const InstanceIds = outputs.nodes.map(({ instance_id }) => instance_id);
    const { Reservations = [] } = await api.ec2.send(new DescribeInstancesCommand({ InstanceIds }));
    const found = new Map(
      Reservations.flatMap(({ Instances = [] }) => Instances).map(({ InstanceId, SecurityGroups = [] }) => [
        InstanceId,
        SecurityGroups.map(({ GroupId }) => GroupId),
      ]),
    );
    for (const { instance_id, role } of outputs.nodes)
      expect(found.get(instance_id)).toEqual([role === "master" ? master?.GroupId : workers?.GroupId]);
  });
}
