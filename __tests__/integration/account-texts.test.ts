import * as ec2 from "@aws-sdk/client-ec2";
import * as iam from "@aws-sdk/client-iam";
import { type Api, apiOf, clientOptions } from "../../simulator/account/clients";
import { describeEmulated } from "../helpers/emulated-suite";
import { outcomeOf } from "../helpers/outcome";

const GROUP = "sg-00000000000000001";
const TRUST = '{"Version":"2012-10-17","Statement":[]}';
const tags = (count: number): { Key: string; Value: string }[] =>
  Array.from({ length: count }, (_, index) => ({ Key: `key-${index}`, Value: "value" }));

/** What AWS's reference says in prose, and no model has: `simulator/account/refusals`. */
describeEmulated("the emulated account refuses as AWS does", (suite) => {
  let api: Api;
  let subnet: string;

  beforeAll(async () => {
    api = apiOf(suite().aws.account);
    const { Subnets: [found] = [] } = await api.ec2.send(new ec2.DescribeSubnetsCommand());
    subnet = String(found?.SubnetId);
    await api.iam.send(new iam.CreateRoleCommand({ RoleName: "machine", AssumeRolePolicyDocument: TRUST }));
  });

  describe("of EC2:", () => {
    const group = (more: object) =>
      outcomeOf(
        api.ec2.send(
          new ec2.CreateSecurityGroupCommand({ GroupName: "workers", Description: "workers", ...more }),
        ),
      );
    const rule = (Description: string) =>
      outcomeOf(
        api.ec2.send(
          new ec2.AuthorizeSecurityGroupIngressCommand({
            GroupId: GROUP,
            IpPermissions: [{ IpProtocol: "tcp", IpRanges: [{ CidrIp: "10.0.0.0/8", Description }] }],
          }),
        ),
      );
    const vpc = (Tags: { Key: string; Value: string }[]) =>
      outcomeOf(
        api.ec2.send(
          new ec2.CreateVpcCommand({
            CidrBlock: "10.1.0.0/16",
            TagSpecifications: [{ ResourceType: "vpc", Tags }],
          }),
        ),
      );
    const tag = (Key: string, Value = "") => vpc([{ Key, Value }]);
    const key = (KeyName: string) =>
      outcomeOf(
        api.ec2.send(
          new ec2.ImportKeyPairCommand({ KeyName, PublicKeyMaterial: Buffer.from("ssh-rsa bm8=") }),
        ),
      );
    const launch = (Tags: { Key: string; Value: string }[], more: object) =>
      outcomeOf(
        api.ec2.send(
          new ec2.RunInstancesCommand({
            ImageId: "ami-0deb1a13a64000001",
            InstanceType: "c7g.large",
            SubnetId: subnet,
            MinCount: 1,
            MaxCount: 1,
            TagSpecifications: [{ ResourceType: "instance", Tags }],
            ...more,
          }),
        ),
      );

    test("names and descriptions of security groups", async () => {
      expect(await group({ GroupName: "sg-workers" })).toBe("InvalidParameterValue");
      expect(await group({ GroupName: "g".repeat(256) })).toBe("InvalidParameterValue");
      expect(await group({ GroupName: "g".repeat(255) })).toBe("ok");
      expect(await group({ GroupName: "wörkers" })).toBe("InvalidParameterValue");
      expect(await group({ GroupName: "second", Description: "the cluster's" })).toBe(
        "InvalidParameterValue",
      );
      expect(await group({ GroupName: "second", Description: "d".repeat(256) })).toBe(
        "InvalidParameterValue",
      );
      expect(await group({ GroupName: "second", Description: "._-:/()#,@[]+=&;{}!$* aZ9" })).toBe("ok");
    });

    test("descriptions of rules", async () => {
      expect(await rule("SSH, with the cluster's key only")).toBe("InvalidParameterValue");
      expect(await rule("d".repeat(256))).toBe("InvalidParameterValue");
      // The group does not exist: the description passed.
      for (const right of ["d".repeat(255), "._-:/()#,@[]+=&;{}!$* aZ9"])
        expect(await rule(right)).toBe("InvalidGroup.NotFound");
    });

    test("tags", async () => {
      for (const wrong of ["aws:team", "AWS:team", "k".repeat(129)])
        expect(await tag(wrong)).toBe("InvalidParameterValue");
      expect(await tag("team", "v".repeat(257))).toBe("InvalidParameterValue");
      expect(await tag("k".repeat(128), "v".repeat(256))).toBe("ok");
      expect(await vpc(tags(51))).toBe("TagLimitExceeded");
      expect(await vpc(tags(50))).toBe("ok");
    });

    test("tags of instances that show them to their metadata service", async () => {
      const shown = { MetadataOptions: { InstanceMetadataTags: "enabled", HttpTokens: "required" } };
      for (const wrong of ["cost center", "cost/center", "_index"])
        expect(await launch([{ Key: wrong, Value: "1" }], shown)).toBe("InvalidParameterValue");
      expect(await launch([{ Key: "cost center", Value: "1" }], {})).toBe("ok");
      expect(await launch([{ Key: "cost.center", Value: "a/b c" }], shown)).toBe("ok");
      const { Reservations = [] } = await api.ec2.send(new ec2.DescribeInstancesCommand());
      const ids = Reservations.flatMap(({ Instances = [] }) => Instances).map((each) =>
        String(each.InstanceId),
      );
      const later = new ec2.CreateTagsCommand({ Resources: ids, Tags: [{ Key: "a b", Value: "" }] });
      expect(await outcomeOf(api.ec2.send(later))).toBe("InvalidParameterValue");
    });

    test("names of key pairs", async () => {
      for (const wrong of ["k".repeat(256), " key", "schlüssel"])
        expect(await key(wrong)).toBe("InvalidParameterValue");
      expect(await key("k".repeat(255))).toBe("InvalidKeyPair.Format");
    });

    test("names of endpoint services", async () => {
      const endpoint = (ServiceName: string) =>
        outcomeOf(api.ec2.send(new ec2.CreateVpcEndpointCommand({ VpcId: "vpc-00000001", ServiceName })));
      for (const wrong of ["s3", "com.amazonaws.s3"])
        expect(await endpoint(wrong)).toBe("InvalidServiceName");
      // The VPC does not exist: the name passed.
      expect(await endpoint("com.amazonaws.us-east-1.s3")).toMatch(/^InvalidVpc/i);
    });

    test("client tokens", async () => {
      expect(await launch([], { ClientToken: "t".repeat(65) })).toBe("InvalidParameterValue");
      expect(await launch(tags(1), { ClientToken: "t".repeat(64) })).toBe("ok");
    });
  });

  describe("of IAM:", () => {
    /** The SDK takes LimitExceeded for throttling, and would wait and try seven times more. */
    let once: iam.IAMClient;

    beforeAll(() => {
      once = new iam.IAMClient({ ...clientOptions(suite().aws.account), maxAttempts: 1 });
    });

    const create = (more: object) =>
      outcomeOf(
        once.send(
          new iam.CreateRoleCommand({ RoleName: "second", AssumeRolePolicyDocument: TRUST, ...more }),
        ),
      );
    const policy = (size: number) => {
      const empty = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}';
      return empty.replace('"*"}', `"${"r".repeat(size - empty.length)}*"}`).replace("{", "{ \n ");
    };
    const put = (PolicyName: string, size: number) =>
      outcomeOf(
        once.send(
          new iam.PutRolePolicyCommand({ RoleName: "machine", PolicyName, PolicyDocument: policy(size) }),
        ),
      );

    test("tags are told apart without case", async () => {
      const Tags = [
        { Key: "team", Value: "a" },
        { Key: "Team", Value: "b" },
      ];
      expect(await create({ Tags })).toBe("InvalidInputException");
      expect(await create({ Tags: [{ Key: "aws:team", Value: "a" }] })).toBe("InvalidInputException");
    });

    test("sizes of policies, without white space", async () => {
      const text = (size: number) =>
        TRUST.replace("[]", `[ ${" ".repeat(100)}]`).replace("2012", "2".repeat(size));
      expect(await create({ AssumeRolePolicyDocument: text(2048) })).toBe("LimitExceededException");
      expect(await put("first", 10_241)).toBe("LimitExceededException");
      expect(await put("first", 6_000)).not.toBe("LimitExceededException");
      expect(await put("first", 10_240)).not.toBe("LimitExceededException");
    });
  });
});
