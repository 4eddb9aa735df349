import { EC2Client } from "@aws-sdk/client-ec2";
import { countStarted } from "../../../../cli/deploy/terraform/started-workers";
import { stubAws } from "../../../helpers/stub-aws";

const instance = (zone: string, ...tags: readonly string[]): string =>
  `<item><placement><availabilityZone>${zone}</availabilityZone></placement><tagSet>${tags
    .map((key) => `<item><key>${key}</key><value>x</value></item>`)
    .join("")}</tagSet></item>`;

/** What is counted where EC2 has these instances. */
async function count(...instances: readonly string[]) {
  const end = await stubAws((_, response) =>
    response
      .setHeader("Content-Type", "text/xml")
      .end(
        `<DescribeInstancesResponse><reservationSet><item><instancesSet>${instances.join("")}</instancesSet></item></reservationSet></DescribeInstancesResponse>`,
      ),
  );
  const client = new EC2Client({ region: "us-east-1" });
  try {
    return await countStarted(client, { state: "local:0123", instanceType: "c7g.large" });
  } finally {
    client.destroy();
    end();
  }
}

test("counts workers by zone, without the machines of fleets", async () => {
  const found = await count(
    instance("us-east-1a", "locust-cluster-node"),
    instance("us-east-1b", "locust-cluster-node"),
    instance("us-east-1b", "locust-cluster-fleet"),
    instance("us-east-1c", "locust-cluster-fleet"),
  );
  expect([...(found ?? [])]).toEqual([
    ["us-east-1a", 1],
    ["us-east-1b", 1],
  ]);
});
