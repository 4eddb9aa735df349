import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { AutoScalingClient, CreateAutoScalingGroupCommand } from "@aws-sdk/client-auto-scaling";
import * as ec2 from "@aws-sdk/client-ec2";
import * as iam from "@aws-sdk/client-iam";
import * as s3 from "@aws-sdk/client-s3";
import { GetServiceQuotaCommand, ServiceQuotasClient } from "@aws-sdk/client-service-quotas";
import { type Api, apiOf, clientOptions } from "../../simulator/account/clients";
import { describeEmulated } from "../helpers/emulated-suite";
import { messageOf, outcomeOf } from "../helpers/outcome";

const TRUST = '{"Version":"2012-10-17","Statement":[]}';

/** What AWS refuses is refused here, in its words: or a deploy passes here and fails there. */
describeEmulated("a request to the emulated account", (suite) => {
  let api: Api;

  beforeAll(async () => {
    api = apiOf(suite().aws.account);
    await api.s3.send(new s3.CreateBucketCommand({ Bucket: "store" }));
  });

  test("is checked against the model of EC2", async () => {
    const send = (input: object) => messageOf(api.ec2.send(new ec2.CreateVpcCommand(input as never)));
    const group = new ec2.CreateSecurityGroupCommand({ GroupName: "workers" } as never);
    expect(await messageOf(api.ec2.send(group))).toBe(
      "MissingParameter: The request must contain the parameter GroupDescription",
    );
    expect(await send({ CidrBlock: "10.1.0.0/16", InstanceTenancy: "shared" })).toBe(
      "InvalidParameterValue: Value (shared) for parameter InstanceTenancy is invalid.",
    );
    const launch = { InstanceType: "c7g.huge", MinCount: 1, MaxCount: 1 } as never;
    expect(await messageOf(api.ec2.send(new ec2.RunInstancesCommand(launch)))).toBe(
      "InvalidParameterValue: Invalid value 'c7g.huge' for InstanceType.",
    );
    const many = new ec2.DescribeVpcsCommand({ MaxResults: 1001 });
    expect(await messageOf(api.ec2.send(many))).toBe(
      "InvalidParameterValue: Value (1001) for parameter MaxResults is invalid. Expecting a value between 5 and 1000.",
    );
    const unknown = new ec2.DescribeVpcsCommand();
    unknown.middlewareStack.add(
      (next) => (args) => {
        (args.request as { body: string }).body += "&Colour=red";
        return next(args);
      },
      { step: "build", priority: "high" },
    );
    expect(await messageOf(api.ec2.send(unknown))).toBe(
      "UnknownParameter: The parameter Colour is not recognized",
    );
  });

  test("is checked against the model of IAM", async () => {
    const create = (RoleName: string, more: object = { AssumeRolePolicyDocument: TRUST }) =>
      messageOf(api.iam.send(new iam.CreateRoleCommand({ RoleName, ...more } as never)));
    expect(await create("a role")).toBe(
      "ValidationError: 1 validation error detected: Value 'a role' at 'roleName' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\w+=,.@-]+",
    );
    expect(await create("r".repeat(65), {})).toBe(
      `ValidationError: 2 validation errors detected: Value '${"r".repeat(65)}' at 'roleName' failed to satisfy constraint: Member must have length less than or equal to 64; Value null at 'assumeRolePolicyDocument' failed to satisfy constraint: Member must not be null`,
    );
    expect(await create("r".repeat(64))).toBe("ok");
    expect(
      await create("tagged", {
        AssumeRolePolicyDocument: TRUST,
        Tags: Array.from({ length: 51 }, (_, index) => ({ Key: `key-${index}`, Value: "" })),
      }),
    ).toMatch(
      /^ValidationError: .* at 'tags' failed to satisfy constraint: Member must have length less than or equal to 50$/,
    );
  });

  test("is checked against the models of services that speak JSON", async () => {
    const client = new ServiceQuotasClient(clientOptions(suite().aws.account));
    const quota = new GetServiceQuotaCommand({ ServiceCode: "ec2", QuotaCode: "1216C47A" });
    expect(await messageOf(client.send(quota))).toBe(
      "ValidationException: 1 validation error detected: Value '1216C47A' at 'quotaCode' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-zA-Z][a-zA-Z0-9-]{1,128}",
    );
  });

  test("is checked against the model of Auto Scaling", async () => {
    const client = new AutoScalingClient(clientOptions(suite().aws.account));
    const group = new CreateAutoScalingGroupCommand({ AutoScalingGroupName: "fleet", MinSize: 0 } as never);
    expect(await messageOf(client.send(group))).toBe(
      "ValidationError: 1 validation error detected: Value null at 'maxSize' failed to satisfy constraint: Member must not be null",
    );
  });

  test("is checked against the model of S3", async () => {
    const version = (Status: string) =>
      outcomeOf(
        api.s3.send(
          new s3.PutBucketVersioningCommand({
            Bucket: "store",
            VersioningConfiguration: { Status: Status as "Enabled" },
          }),
        ),
      );
    expect(await version("On")).toBe("MalformedXML");
    expect(await version("Suspended")).toBe("ok");
    const put = (ACL: string) =>
      outcomeOf(
        api.s3.send(new s3.PutObjectCommand({ Bucket: "store", Key: "a", Body: "", ACL: ACL as "private" })),
      );
    expect(await put("mine")).toBe("InvalidArgument");
    expect(await put("private")).toBe("ok");
  });

  test("fails a real deploy when the apostrophe is back in the description of the SSH rule", async () => {
    const cluster = suite().cluster("apostrophe", "workers: { count: 0 }\n");
    const file = join(cluster.folder, "lib", "constructs", "worker-firewall.ts");
    const source = readFileSync(file, "utf8");
    const spoilt = source.replace("with the key of the cluster only", "with the cluster's key only");
    expect(spoilt).not.toBe(source);
    writeFileSync(file, spoilt);
    const { code, output } = await cluster.tryToDeploy();
    expect(code).toBe(1);
    expect(output.replace(/[│\s]+/g, " ")).toContain(
      "api error InvalidParameterValue: Invalid rule description",
    );
  });
});
