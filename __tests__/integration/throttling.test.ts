import {
  AutoScalingClient,
  DescribeAutoScalingGroupsCommand,
  DescribeScheduledActionsCommand,
} from "@aws-sdk/client-auto-scaling";
import {
  DescribeInstancesCommand,
  DescribeSubnetsCommand,
  DescribeVpcsCommand,
  EC2Client,
  RunInstancesCommand,
} from "@aws-sdk/client-ec2";
import { clientOptions } from "../../simulator/account/clients";
import { describeEmulated } from "../helpers/emulated-suite";

/** A hundredth: one DescribeVpcs, then one in 5 seconds; instances for 10 tokens. */
const THROTTLE = 0.01;

describeEmulated(
  "throttling in the emulated account",
  (suite) => {
    const ec2 = (region = "us-east-1") =>
      new EC2Client({ ...clientOptions(suite().aws.account), region, maxAttempts: 1 });
    const runInstances = (MaxCount: number) =>
      ec2().send(new RunInstancesCommand({ ImageId: "ami-0deb1a13a64000001", MinCount: 1, MaxCount }));

    test("refuses an action whose bucket is empty, and no other action or region", async () => {
      await ec2().send(new DescribeVpcsCommand());
      await expect(ec2().send(new DescribeVpcsCommand())).rejects.toMatchObject({
        name: "RequestLimitExceeded",
        message: "Request limit exceeded.",
        $metadata: { httpStatusCode: 503 },
      });
      await ec2().send(new DescribeSubnetsCommand());
      await ec2("eu-west-1").send(new DescribeVpcsCommand());
    });

    test("has a bucket of its own for what is asked with a filter or in pages", async () => {
      await ec2().send(new DescribeInstancesCommand());
      await ec2().send(new DescribeInstancesCommand({ MaxResults: 5 }));
    });

    test("takes a token for each instance, and none from a bucket when the other is empty", async () => {
      await expect(runInstances(11)).rejects.toMatchObject({ name: "RequestLimitExceeded" });
      await expect(runInstances(1)).rejects.not.toMatchObject({ name: "RequestLimitExceeded" });
      await expect(runInstances(1)).rejects.toMatchObject({ name: "RequestLimitExceeded" });
    });

    test("lets all calls of Auto Scaling take from one bucket", async () => {
      const client = new AutoScalingClient({ ...clientOptions(suite().aws.account), maxAttempts: 1 });
      await client.send(new DescribeAutoScalingGroupsCommand());
      await expect(client.send(new DescribeScheduledActionsCommand())).rejects.toMatchObject({
        name: "Throttling",
        message: "Rate exceeded",
        $metadata: { httpStatusCode: 400 },
      });
    });
  },
  { throttle: THROTTLE },
);
