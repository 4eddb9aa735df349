import {
  GetInstanceProfileCommand,
  GetRolePolicyCommand,
  ListAttachedRolePoliciesCommand,
  ListRolePoliciesCommand,
  type Role,
} from "@aws-sdk/client-iam";
import { DescribeInstancesCommand } from "@aws-sdk/client-ec2";
import {
  DeleteObjectCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import type { Account } from "../../../simulator/account/account";
import { machineOptions } from "../../helpers/machine-options";
import type { Deployed } from "./deployed";

const OWN_RECORD = "nodes/${aws:userid}.json";

export function checkRoles(deployed: () => Deployed, account: () => Account): void {
  const idOf = (name: string): string =>
    String(deployed().outputs.nodes.find((node) => node.name === name)?.instance_id);

  const roleOf = async (name: string): Promise<Role | undefined> => {
    const { api } = deployed();
    const { Reservations } = await api.ec2.send(new DescribeInstancesCommand({ InstanceIds: [idOf(name)] }));
    const arn = Reservations?.[0]?.Instances?.[0]?.IamInstanceProfile?.Arn;
    const InstanceProfileName = arn?.split("/").at(-1);
    const { InstanceProfile } = await api.iam.send(new GetInstanceProfileCommand({ InstanceProfileName }));
    return InstanceProfile?.Roles?.[0];
  };

  const statementsOf = async (name: string): Promise<unknown[]> => {
    const { api } = deployed();
    const RoleName = (await roleOf(name))?.RoleName;
    const attached = await api.iam.send(new ListAttachedRolePoliciesCommand({ RoleName }));
    expect(attached.AttachedPolicies).toEqual([]);
    const { PolicyNames = [] } = await api.iam.send(new ListRolePoliciesCommand({ RoleName }));
    const policies = await Promise.all(
      PolicyNames.map((PolicyName) => api.iam.send(new GetRolePolicyCommand({ RoleName, PolicyName }))),
    );
    return policies.flatMap(
      ({ PolicyDocument = "" }) =>
        (JSON.parse(decodeURIComponent(PolicyDocument)) as { Statement: unknown[] }).Statement,
    );
  };

  /** The design's sentence on a role, as a policy. */
  const allowed = (reads: string[], writes: string[]): object[] => {
    const bucket = `arn:aws:s3:::${deployed().outputs.bucket}`;
    const keys = (names: string[]): unknown => {
      const resources = names.map((name) => `${bucket}/${name}`);
      return resources.length === 1 ? resources[0] : resources;
    };
    return [
      { Sid: "Read", Effect: "Allow", Action: "s3:GetObject", Resource: keys(reads) },
      { Sid: "Write", Effect: "Allow", Action: "s3:PutObject", Resource: keys(writes) },
      {
        Sid: "List",
        Effect: "Allow",
        Action: "s3:ListBucket",
        Resource: bucket,
        Condition: { StringLike: { "s3:prefix": reads } },
      },
    ];
  };
  const flat = (statements: unknown[]): unknown =>
    JSON.parse(
      JSON.stringify(statements, (key, value: unknown) =>
        key === "Resource" && Array.isArray(value) && value.length === 1 ? (value[0] as unknown) : value,
      ),
    );

  test("a worker's role reads env/ and bundle/, writes its own record, and no more", async () => {
    expect(flat(await statementsOf("worker-1"))).toEqual(allowed(["env/*", "bundle/*"], [OWN_RECORD]));
  });

  test("the master's role may in addition read its secret and write runs/", async () => {
    expect(flat(await statementsOf("master"))).toEqual(
      allowed(["env/*", "bundle/*", "secrets/master.json"], [OWN_RECORD, "runs/*"]),
    );
  });

  describe("with the credentials that a machine gets", () => {
    const storeAs = async (name: string): Promise<S3Client> =>
      new S3Client(await machineOptions(account(), idOf(name)));
    const get = async (name: string, Key: string): Promise<unknown> =>
      (await storeAs(name)).send(new GetObjectCommand({ Bucket: deployed().outputs.bucket, Key }));
    const put = async (name: string, Key: string): Promise<unknown> =>
      (await storeAs(name)).send(
        new PutObjectCommand({ Bucket: deployed().outputs.bucket, Key, Body: "{}" }),
      );
    const denied = { name: "AccessDenied" };

    test("a worker gets bundle/current.json and is refused the master's secret", async () => {
      await expect(get("worker-1", "bundle/current.json")).resolves.toBeDefined();
      await expect(get("worker-1", "secrets/master.json")).rejects.toMatchObject(denied);
    });

    test("the master gets its secret", async () => {
      await expect(get("master", "secrets/master.json")).resolves.toBeDefined();
    });

    test("a worker writes its own record and no other machine's", async () => {
      const Bucket = deployed().outputs.bucket;
      const recordOf = async (name: string): Promise<string> =>
        `nodes/${(await roleOf(name))?.RoleId ?? ""}:${idOf(name)}.json`;
      const own = await recordOf("worker-1");
      await expect(put("worker-1", own)).resolves.toBeDefined();
      await deployed().api.s3.send(new DeleteObjectCommand({ Bucket, Key: own }));
      for (const other of [
        await recordOf("worker-2"),
        await recordOf("master"),
        `nodes/${idOf("worker-1")}.json`,
      ])
        await expect(put("worker-1", other)).rejects.toMatchObject(denied);
    });

    test("a worker is refused runs/ and bundle/", async () => {
      await expect(put("worker-1", "runs/1/run.json")).rejects.toMatchObject(denied);
      await expect(put("worker-1", "bundle/current.json")).rejects.toMatchObject(denied);
    });

    test("a machine may list its prefixes and not the whole bucket", async () => {
      const store = await storeAs("worker-1");
      const Bucket = deployed().outputs.bucket;
      await expect(
        store.send(new ListObjectsV2Command({ Bucket, Prefix: "bundle/" })),
      ).resolves.toBeDefined();
      await expect(store.send(new ListObjectsV2Command({ Bucket }))).rejects.toMatchObject(denied);
    });
  });
}
