import { DescribeImagesCommand, type EC2Client, RunInstancesCommand } from "@aws-sdk/client-ec2";
import { hostType } from "../../simulator/instance-types";
import type { SimulatedInstance } from "../../simulator/simulated-instance";

export const TYPE = hostType("t4g.micro") as "t3.micro";

/** Writes a file with its environment at the first boot; needs nobody's help. */
export const USER_DATA = Buffer.from(
  "#!/bin/sh\nenv > /var/lib/booted.part\nmv /var/lib/booted.part /var/lib/booted\n",
).toString("base64");

/** It has done what its user data says. */
export function hasBooted(one: SimulatedInstance): boolean {
  return one.isMade && one.machine.read("var/lib/booted") !== undefined;
}

/** Debian's image for this host. */
export async function image(ec2: EC2Client): Promise<string> {
  const architecture = process.arch === "arm64" ? "arm64" : "x86_64";
  const filters = [
    { Name: "name", Values: ["debian-13-*"] },
    { Name: "architecture", Values: [architecture] },
  ];
  const { Images: [found] = [] } = await ec2.send(new DescribeImagesCommand({ Filters: filters }));
  return found?.ImageId ?? "";
}

/** Starts an instance that no Terraform knows, in the account's default network, and resolves to its id. */
export async function runInstance(ec2: EC2Client, onShutdown: "stop" | "terminate"): Promise<string> {
  const { Instances: [started] = [] } = await ec2.send(
    new RunInstancesCommand({
      ImageId: await image(ec2),
      InstanceType: TYPE,
      MinCount: 1,
      MaxCount: 1,
      UserData: USER_DATA,
      InstanceInitiatedShutdownBehavior: onShutdown,
    }),
  );
  return started?.InstanceId ?? "";
}
