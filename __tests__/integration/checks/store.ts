import { join } from "node:path";
import {
  GetBucketEncryptionCommand,
  GetBucketPolicyCommand,
  GetBucketVersioningCommand,
  GetObjectCommand,
  GetPublicAccessBlockCommand,
  ListObjectsV2Command,
} from "@aws-sdk/client-s3";
import { readBundle } from "../../../lib/model/bundle";
import { architectureOf } from "../../../lib/model/instance-type";
import { environmentName } from "../../../lib/model/environment-name";
import type { Deployed } from "./deployed";

export function checkStore(deployed: () => Deployed): void {
  const text = async (Key: string): Promise<string> => {
    const { api, outputs } = deployed();
    const { Body } = await api.s3.send(new GetObjectCommand({ Bucket: outputs.bucket, Key }));
    return String(await Body?.transformToString());
  };
  const json = async (key: string): Promise<unknown> => JSON.parse(await text(key)) as unknown;
  const expectedContent = () => {
    const { config, folder } = deployed();
    const testDirectory = join(folder, "locust");
    const bundle = readBundle({ packageRoot: folder, testDirectory }).hash;
    const architectures = [config.master, config.workers].map(({ instanceType }) =>
      architectureOf(instanceType),
    );
    const environments = architectures.map((architecture) => [
      architecture,
      environmentName({
        architecture,
        pythonVersion: config.machines.pythonVersion,
        locustVersion: config.locust.version,
        packageRoot: folder,
        testDirectory,
      }),
    ]);
    return { bundle, environments: Object.fromEntries(environments) as Record<string, string> };
  };

  test("holds environment, bundle, the pointer to both and the secret, and nothing else", async () => {
    const { api, outputs } = deployed();
    const { Contents = [] } = await api.s3.send(new ListObjectsV2Command({ Bucket: outputs.bucket }));
    const { bundle, environments } = expectedContent();
    expect(Contents.map(({ Key }) => Key).sort()).toEqual(
      [
        ...Object.values(environments).map((name) => `env/${name}.tar.gz`),
        `bundle/${bundle}.zip`,
        "bundle/current.json",
        "secrets/master.json",
      ].sort(),
    );
  });

  test("bundle/current.json says what the machines must run", async () => {
    const { config } = deployed();
    expect(await json("bundle/current.json")).toEqual({
      schema: 1,
      ...expectedContent(),
      python: "3.13",
      locust: { version: config.locust.version, locustfile: "locustfile.py", host: null, args: [] },
      login: "generated",
      https: false,
      host_names: [],
      results: null,
      expected: { workers: config.workers.count },
    });
  });

  test("secrets/master.json holds the login of the outputs", async () => {
    const { outputs } = deployed();
    expect(await json("secrets/master.json")).toEqual({
      username: outputs.web_username,
      password: outputs.web_password,
      token: outputs.api_token,
      session_key: expect.stringMatching(/^[0-9a-f]{64}$/) as unknown,
      certificate: null,
      certificate_key: null,
    });
  });

  test("is private, encrypted, not versioned and refused without TLS", async () => {
    const { api, outputs } = deployed();
    const Bucket = outputs.bucket;
    const { PublicAccessBlockConfiguration } = await api.s3.send(new GetPublicAccessBlockCommand({ Bucket }));
    expect(PublicAccessBlockConfiguration).toEqual({
      BlockPublicAcls: true,
      BlockPublicPolicy: true,
      IgnorePublicAcls: true,
      RestrictPublicBuckets: true,
    });
    const { ServerSideEncryptionConfiguration } = await api.s3.send(
      new GetBucketEncryptionCommand({ Bucket }),
    );
    expect(ServerSideEncryptionConfiguration?.Rules).toMatchObject([
      { ApplyServerSideEncryptionByDefault: { SSEAlgorithm: "AES256" } },
    ]);
    expect((await api.s3.send(new GetBucketVersioningCommand({ Bucket }))).Status).toBeUndefined();
    const { Policy = "" } = await api.s3.send(new GetBucketPolicyCommand({ Bucket }));
    expect((JSON.parse(Policy) as { Statement: unknown }).Statement).toEqual([
      {
        Sid: "TlsOnly",
        Effect: "Deny",
        Principal: "*",
        Action: "s3:*",
        Resource: [`arn:aws:s3:::${Bucket}`, `arn:aws:s3:::${Bucket}/*`],
        Condition: { Bool: { "aws:SecureTransport": "false" } },
      },
    ]);
  });
}
