import {
  AllocateAddressCommand,
  CreateVpcCommand,
  DeleteVpcCommand,
  RunInstancesCommand,
} from "@aws-sdk/client-ec2";
import {
  AddRoleToInstanceProfileCommand,
  CreateInstanceProfileCommand,
  CreateRoleCommand,
  RemoveRoleFromInstanceProfileCommand,
} from "@aws-sdk/client-iam";
import {
  CreateBucketCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
  PutObjectCommand,
} from "@aws-sdk/client-s3";
import type { Statement } from "../../lib/model/statement";
import { createUser } from "../../simulator/account/user";
import { type Api, apiOf } from "../../simulator/account/clients";
import { describeEmulated } from "../helpers/emulated-suite";

const IMAGE = "ami-0deb1a13a64000001";
const ANY = "arn:aws:ec2:*:*:*/*";
const TAGS = [{ Key: "team", Value: "load" }];
const TRUST = JSON.stringify({
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Action: "sts:AssumeRole", Principal: { Service: "ec2.amazonaws.com" } }],
});

const allow = (
  Action: string | string[],
  Resource: string,
  Condition?: Statement["Condition"],
): Statement => ({
  Effect: "Allow",
  Action,
  Resource,
  Condition,
});

/** What a request asks of IAM beside its own name, as AWS's Service Authorization Reference has it. */
describeEmulated("IAM in the emulated account", (suite) => {
  let api: Api;
  let users = 0;

  beforeAll(async () => {
    api = apiOf(suite().aws.account);
    await api.s3.send(new CreateBucketCommand({ Bucket: "store" }));
    await api.s3.send(new PutObjectCommand({ Bucket: "store", Key: "runs/a", Body: "content" }));
    await api.iam.send(new CreateRoleCommand({ RoleName: "machine", AssumeRolePolicyDocument: TRUST }));
    await api.iam.send(new CreateInstanceProfileCommand({ InstanceProfileName: "machine" }));
  });

  /** Clients of a user who has these statements and nothing else. */
  const userWith = async (...statements: readonly Statement[]): Promise<Api> => {
    const policy = { Version: "2012-10-17", Statement: statements };
    const credentials = await createUser(api.iam, `user-${++users}`, policy);
    return apiOf({ ...suite().aws.account, ...credentials });
  };
  const refuses = async (answer: Promise<unknown>, name: string, message: string | RegExp): Promise<void> => {
    await expect(answer).rejects.toMatchObject({ name, $metadata: { httpStatusCode: 403 } });
    await expect(answer).rejects.toThrow(message);
  };
  const createVpc = (tags = TAGS) =>
    new CreateVpcCommand({
      CidrBlock: "10.1.0.0/16",
      TagSpecifications: [{ ResourceType: "vpc", Tags: tags }],
    });

  test("refuses a role in an instance profile without iam:PassRole", async () => {
    const add = new AddRoleToInstanceProfileCommand({ InstanceProfileName: "machine", RoleName: "machine" });
    const profile = allow("iam:AddRoleToInstanceProfile", "arn:aws:iam::*:instance-profile/machine");
    const { iam } = await userWith(profile);
    await refuses(
      iam.send(add),
      "AccessDenied",
      /perform: iam:PassRole on resource: arn:aws:iam::\d+:role\/machine /,
    );

    const pass = (service: string) =>
      allow("iam:PassRole", "arn:aws:iam::*:role/machine", {
        StringEquals: { "iam:PassedToService": service },
      });
    const { iam: other } = await userWith(profile, pass("lambda.amazonaws.com"));
    await refuses(other.send(add), "AccessDenied", "iam:PassRole");
    const { iam: right } = await userWith(profile, pass("ec2.amazonaws.com"));
    await right.send(add);
  });

  test("refuses tags of a new role without iam:TagRole", async () => {
    const tagged = (RoleName: string, Tags?: { Key: string; Value: string }[]) =>
      new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: TRUST, Tags });
    const { iam } = await userWith(allow("iam:CreateRole", "*"));
    await refuses(iam.send(tagged("tagged", TAGS)), "AccessDenied", "perform: iam:TagRole on resource: ");
    await iam.send(tagged("plain"));
    const { iam: right } = await userWith(allow(["iam:CreateRole", "iam:TagRole"], "*"));
    await right.send(tagged("tagged", TAGS));
  });

  test("refuses an instance with a role without iam:PassRole", async () => {
    const launch = new RunInstancesCommand({
      ImageId: IMAGE,
      InstanceType: "c7g.large",
      MinCount: 1,
      MaxCount: 1,
      IamInstanceProfile: { Name: "machine" },
    });
    const { ec2 } = await userWith(allow("ec2:RunInstances", "*"));
    await refuses(ec2.send(launch), "UnauthorizedOperation", "perform: iam:PassRole");
    await api.iam.send(
      new RemoveRoleFromInstanceProfileCommand({ InstanceProfileName: "machine", RoleName: "machine" }),
    );
  });

  test("refuses tags at creation without ec2:CreateTags for that action", async () => {
    const { ec2 } = await userWith(allow("ec2:CreateVpc", ANY));
    await refuses(
      ec2.send(createVpc()),
      "UnauthorizedOperation",
      "ec2:CreateTags on resource: arn:aws:ec2:us-east-1:",
    );
    const tag = (action: string) =>
      allow("ec2:CreateTags", ANY, { StringEquals: { "ec2:CreateAction": action } });
    const { ec2: other } = await userWith(allow("ec2:CreateVpc", ANY), tag("CreateSubnet"));
    await refuses(other.send(createVpc()), "UnauthorizedOperation", "ec2:CreateTags");
    const { ec2: right } = await userWith(allow("ec2:CreateVpc", ANY), tag("CreateVpc"));
    await right.send(createVpc());
  });

  test("knows the tags of a request and of what is there", async () => {
    const wanted = { "aws:RequestTag/team": "load" };
    const { ec2 } = await userWith(
      allow(["ec2:CreateVpc", "ec2:CreateTags"], ANY, { StringEquals: wanted }),
      allow("ec2:DeleteVpc", ANY, { StringEquals: { "aws:ResourceTag/team": "load" } }),
    );
    await refuses(
      ec2.send(createVpc([{ Key: "team", Value: "shop" }])),
      "UnauthorizedOperation",
      "ec2:CreateVpc",
    );
    const { Vpc: theirs } = await api.ec2.send(createVpc([{ Key: "team", Value: "shop" }]));
    const { Vpc: own } = await ec2.send(createVpc());
    await refuses(
      ec2.send(new DeleteVpcCommand({ VpcId: theirs?.VpcId })),
      "UnauthorizedOperation",
      `ec2:DeleteVpc on resource: arn:aws:ec2:us-east-1:123456789012:vpc/${theirs?.VpcId} `,
    );
    await ec2.send(new DeleteVpcCommand({ VpcId: own?.VpcId }));
  });

  test("knows the region", async () => {
    const here = allow("ec2:AllocateAddress", ANY, { StringEquals: { "aws:RequestedRegion": "eu-west-1" } });
    const { ec2 } = await userWith(here);
    await refuses(ec2.send(new AllocateAddressCommand({})), "UnauthorizedOperation", "ec2:AllocateAddress");
  });

  test("calls S3's actions by IAM's names", async () => {
    const { s3 } = await userWith(
      allow("s3:ListBucketVersions", "arn:aws:s3:::store"),
      allow("s3:DeleteObject", "arn:aws:s3:::store/runs/*"),
    );
    await s3.send(new ListObjectVersionsCommand({ Bucket: "store" }));
    const names = (error: unknown) => (error as Error).name;
    expect(await s3.send(new ListObjectsV2Command({ Bucket: "store" })).catch(names)).toBe("AccessDenied");
    expect(await s3.send(new GetObjectCommand({ Bucket: "store", Key: "runs/a" })).catch(names)).toBe(
      "AccessDenied",
    );
    const remove = (Key: string, VersionId?: string) =>
      s3.send(new DeleteObjectsCommand({ Bucket: "store", Delete: { Objects: [{ Key, VersionId }] } }));
    expect((await remove("runs/a", "null")).Errors).toMatchObject([{ Code: "AccessDenied" }]);
    expect((await remove("secrets/a")).Errors).toMatchObject([{ Code: "AccessDenied" }]);
    expect((await remove("runs/a")).Errors).toBeUndefined();
  });

  test("fails on a condition that it does not know", async () => {
    const { ec2 } = await userWith(
      allow("ec2:CreateVpc", ANY, { StringEquals: { "ec2:Tenancy": "default" } }),
    );
    await expect(ec2.send(createVpc([]))).rejects.toMatchObject({ $metadata: { httpStatusCode: 500 } });
  });
});
