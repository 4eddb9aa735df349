import {
  CreateBucketCommand,
  GetObjectCommand,
  PutBucketEncryptionCommand,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { resultsArn, resultsKeyUse } from "../../lib/model/results-place";
import type { Statement } from "../../lib/model/statement";
import { createUser } from "../../simulator/account/user";
import { type Api, apiOf, clientOptions } from "../../simulator/account/clients";
import { describeEmulated } from "../helpers/emulated-suite";

const KEY = "arn:aws:kms:us-east-1:123456789012:key/11111111-2222-3333-4444-555555555555";
const PLACE = { region: "us-east-1", cluster: "shop" };
const RUN = "locust-cluster/us-east-1/shop/runs/a/run.json";

const allow = (Action: string, Resource: string): Statement => ({ Effect: "Allow", Action, Resource });
const writes = (bucket: string): Statement => allow("s3:PutObject", resultsArn(bucket, PLACE));

/** What it takes to write to a bucket that a key of the account's own encrypts; the emulated account asks for it as AWS does. */
describeEmulated("a bucket with a key of its own", (suite) => {
  let api: Api;
  let users = 0;

  const clientWith = async (...statements: readonly Statement[]): Promise<S3Client> => {
    const policy = { Version: "2012-10-17", Statement: statements };
    const credentials = await createUser(api.iam, `writer-${++users}`, policy);
    return new S3Client({ ...clientOptions(suite().aws.account), credentials });
  };
  const write = (client: S3Client, Bucket: string, Key = RUN) =>
    client.send(new PutObjectCommand({ Bucket, Key, Body: "{}" }));

  beforeAll(async () => {
    api = apiOf(suite().aws.account);
    for (const [Bucket, BucketKeyEnabled] of [
      ["by-object", false],
      ["by-bucket", true],
    ] as const) {
      await api.s3.send(new CreateBucketCommand({ Bucket }));
      const ApplyServerSideEncryptionByDefault = { SSEAlgorithm: "aws:kms", KMSMasterKeyID: KEY } as const;
      const Rules = [{ ApplyServerSideEncryptionByDefault, BucketKeyEnabled }];
      const ServerSideEncryptionConfiguration = { Rules };
      await api.s3.send(new PutBucketEncryptionCommand({ Bucket, ServerSideEncryptionConfiguration }));
    }
  });

  test.each(["by-object", "by-bucket"])("%s: takes the master's statement for the key", async (bucket) => {
    const refused = { name: "AccessDenied", $metadata: { httpStatusCode: 403 } };
    await expect(write(await clientWith(writes(bucket)), bucket)).rejects.toMatchObject({
      ...refused,
      message: expect.stringContaining(
        `not authorized to perform: kms:GenerateDataKey on resource: ${KEY}`,
      ) as unknown,
    });
    await expect(
      write(await clientWith(writes(bucket), resultsKeyUse(bucket, PLACE)), bucket),
    ).resolves.toBeDefined();
    // That of another bucket, or of another region, is none.
    for (const other of [
      resultsKeyUse("another", PLACE),
      resultsKeyUse(bucket, { ...PLACE, region: "eu-west-1" }),
    ])
      await expect(write(await clientWith(writes(bucket), other), bucket)).rejects.toMatchObject(refused);
  });

  test("a bucket key is decrypted before its use", async () => {
    const statement = { ...resultsKeyUse("by-bucket", PLACE), Action: "kms:GenerateDataKey" };
    await expect(write(await clientWith(writes("by-bucket"), statement), "by-bucket")).rejects.toThrow(
      "kms:Decrypt",
    );
  });

  test("the statement reaches the cluster's own objects only", async () => {
    const everywhere = allow("s3:*", "arn:aws:s3:::by-object/*");
    const client = await clientWith(everywhere, resultsKeyUse("by-object", PLACE));
    await expect(write(client, "by-object", RUN.replace("shop", "other"))).rejects.toThrow(
      "kms:GenerateDataKey",
    );
  });

  test("reading takes kms:Decrypt", async () => {
    await write(api.s3, "by-object");
    const client = await clientWith(allow("s3:GetObject", "arn:aws:s3:::by-object/*"));
    await expect(client.send(new GetObjectCommand({ Bucket: "by-object", Key: RUN }))).rejects.toThrow(
      "kms:Decrypt",
    );
  });
});
