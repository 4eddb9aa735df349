import {
  CreateBucketCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutBucketPolicyCommand,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import {
  CreateSecurityGroupCommand,
  DescribeSubnetsCommand,
  EC2Client,
  RunInstancesCommand,
} from "@aws-sdk/client-ec2";
import { NodeHttpHandler } from "@smithy/node-http-handler";
import {
  AddRoleToInstanceProfileCommand,
  CreateInstanceProfileCommand,
  CreateRoleCommand,
  PutRolePolicyCommand,
} from "@aws-sdk/client-iam";
import { type Api, apiOf, clientOptions } from "../../simulator/account/clients";
import { describeEmulated } from "../helpers/emulated-suite";
import { machineOptions } from "../helpers/machine-options";

const ARM_IMAGE = "ami-0deb1a13a64000001";

/** The tests lean on the emulated account: this is what it must refuse, as AWS does. */
describeEmulated("the emulated account", (suite) => {
  let api: Api;
  let subnets: Map<string, string>;

  beforeAll(async () => {
    api = apiOf(suite().aws.account);
    const { Subnets = [] } = await api.ec2.send(new DescribeSubnetsCommand());
    subnets = new Map(Subnets.map((subnet) => [String(subnet.AvailabilityZone), String(subnet.SubnetId)]));
  });

  const launch = (InstanceType: "c7g.large" | "c7i.large", zone: string, more: object = {}) =>
    api.ec2.send(
      new RunInstancesCommand({
        ImageId: ARM_IMAGE,
        InstanceType,
        SubnetId: subnets.get(zone),
        MinCount: 1,
        MaxCount: 1,
        ...more,
      }),
    );

  test("refuses an instance type of another architecture than the image's", async () => {
    await expect(launch("c7i.large", "us-east-1a")).rejects.toThrow(
      "The architecture 'x86_64' of the specified instance type does not match the architecture 'arm64' of the specified AMI.",
    );
  });

  test("refuses a zone that does not offer the instance type", async () => {
    await expect(launch("c7g.large", "us-east-1e")).rejects.toMatchObject({ name: "Unsupported" });
  });

  test("refuses more than 16 KiB of user data", async () => {
    const UserData = Buffer.alloc(16_385, "#").toString("base64");
    await expect(launch("c7g.large", "us-east-1a", { UserData })).rejects.toThrow("limited to 16384 bytes");
  });

  test("refuses a private address that is taken or AWS's own", async () => {
    await launch("c7g.large", "us-east-1a", { PrivateIpAddress: "172.31.0.10" });
    for (const PrivateIpAddress of ["172.31.0.10", "172.31.0.3"])
      await expect(launch("c7g.large", "us-east-1a", { PrivateIpAddress })).rejects.toThrow(PrivateIpAddress);
  });

  test("hands out public addresses of loopback only", async () => {
    const { Instances: [instance] = [] } = await launch("c7g.large", "us-east-1b");
    expect(instance?.PublicIpAddress).toMatch(/^127\.(?!0\.|1\.)/);
  });

  test("gives an answer again that its client never got, and makes nothing twice", async () => {
    /** Loses the first answer. */
    class LossyHandler extends NodeHttpHandler {
      lost = false;
      override async handle(...args: Parameters<NodeHttpHandler["handle"]>) {
        const answer = await super.handle(...args);
        if (this.lost) return answer;
        this.lost = true;
        throw Object.assign(new Error("socket hang up"), { name: "TimeoutError" });
      }
    }
    const { requestHandler: settings, ...options } = clientOptions(suite().aws.account);
    const lossy = new EC2Client({ ...options, maxAttempts: 2, requestHandler: new LossyHandler(settings) });
    const group = { GroupName: "once", Description: "made once" };
    const made = await lossy.send(new CreateSecurityGroupCommand(group));
    expect(made.GroupId).toMatch(/^sg-/);
    await expect(lossy.send(new CreateSecurityGroupCommand(group))).rejects.toMatchObject({
      name: "InvalidGroup.Duplicate",
    });
  });

  describe("a machine with a role", () => {
    let instance: string;
    let machine: S3Client;

    beforeAll(async () => {
      const statement = (Action: string, Resource: string, Condition?: object) => ({
        Effect: "Allow",
        Action,
        Resource,
        Condition,
      });
      const policy = (Statement: object[]): string => JSON.stringify({ Version: "2012-10-17", Statement });
      const trust = {
        Effect: "Allow",
        Action: "sts:AssumeRole",
        Principal: { Service: "ec2.amazonaws.com" },
      };
      await api.iam.send(
        new CreateRoleCommand({ RoleName: "worker", AssumeRolePolicyDocument: policy([trust]) }),
      );
      await api.iam.send(new CreateInstanceProfileCommand({ InstanceProfileName: "worker" }));
      await api.iam.send(
        new AddRoleToInstanceProfileCommand({ InstanceProfileName: "worker", RoleName: "worker" }),
      );
      await api.s3.send(new CreateBucketCommand({ Bucket: "store" }));
      await api.s3.send(new PutObjectCommand({ Bucket: "store", Key: "bundle/a", Body: "content" }));
      const denyHttp = {
        Effect: "Deny",
        Principal: "*",
        Action: "s3:*",
        Resource: ["arn:aws:s3:::store", "arn:aws:s3:::store/*"],
        Condition: { Bool: { "aws:SecureTransport": "false" } },
      };
      await api.s3.send(new PutBucketPolicyCommand({ Bucket: "store", Policy: policy([denyHttp]) }));
      const { Instances: [launched] = [] } = await launch("c7g.large", "us-east-1a", {
        IamInstanceProfile: { Name: "worker" },
      });
      instance = String(launched?.InstanceId);
      const PolicyDocument = policy([
        statement("s3:GetObject", "arn:aws:s3:::store/bundle/*"),
        statement("s3:PutObject", "arn:aws:s3:::store/nodes/${aws:userid}.json"),
        statement("s3:ListBucket", "arn:aws:s3:::store", { StringLike: { "s3:prefix": ["bundle/*"] } }),
      ]);
      await api.iam.send(
        new PutRolePolicyCommand({ RoleName: "worker", PolicyName: "store", PolicyDocument }),
      );
      machine = new S3Client(await machineOptions(suite().aws.account, instance));
    });

    const get = (Key: string) => machine.send(new GetObjectCommand({ Bucket: "store", Key }));

    test("reads what its policy names and nothing else", async () => {
      await expect(get("bundle/a")).resolves.toBeDefined();
      await expect(get("secrets/master.json")).rejects.toMatchObject({ name: "AccessDenied" });
    });

    test("is told that an object is missing only where it may list", async () => {
      await expect(get("bundle/missing")).rejects.toMatchObject({ name: "NoSuchKey" });
      await expect(get("secrets/missing")).rejects.toMatchObject({ name: "AccessDenied" });
    });

    test("lists the prefix that its policy names and nothing else", async () => {
      const list = (Prefix?: string) => machine.send(new ListObjectsV2Command({ Bucket: "store", Prefix }));
      expect((await list("bundle/")).KeyCount).toBe(1);
      await expect(list("runs/")).rejects.toMatchObject({ name: "AccessDenied" });
      await expect(list()).rejects.toMatchObject({ name: "AccessDenied" });
    });

    test("writes only under its own name, by a policy variable", async () => {
      await expect(
        machine.send(new PutObjectCommand({ Bucket: "store", Key: "nodes/i-0.json", Body: "{}" })),
      ).rejects.toMatchObject({ name: "AccessDenied" });
    });

    test("is refused with a wrong secret", async () => {
      const options = await machineOptions(suite().aws.account, instance);
      const credentials = { ...options.credentials, secretAccessKey: "wrong" };
      const stranger = new S3Client({ ...options, credentials });
      await expect(
        stranger.send(new GetObjectCommand({ Bucket: "store", Key: "bundle/a" })),
      ).rejects.toMatchObject({
        name: "SignatureDoesNotMatch",
      });
    });
  });
});
