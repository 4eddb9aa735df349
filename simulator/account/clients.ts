import { readFileSync } from "node:fs";
import { Agent } from "node:https";
import { AutoScalingClient } from "@aws-sdk/client-auto-scaling";
import { EC2Client } from "@aws-sdk/client-ec2";
import { IAMClient } from "@aws-sdk/client-iam";
import { S3Client } from "@aws-sdk/client-s3";
import type { Account } from "./account";

export interface Api {
  readonly autoScaling: AutoScalingClient;
  readonly ec2: EC2Client;
  readonly iam: IAMClient;
  readonly s3: S3Client;
}

/** Settings with which a client talks to the emulated account, as its administrator. */
export function clientOptions(
  { url, certificate, accessKeyId, secretAccessKey }: Account,
  region = "us-east-1",
) {
  return {
    region,
    endpoint: url,
    credentials: { accessKeyId, secretAccessKey },
    requestHandler: { httpsAgent: new Agent({ ca: readFileSync(certificate), keepAlive: false }) },
    // EC2's buckets may be empty after a deploy.
    maxAttempts: 8,
  };
}

export function apiOf(account: Account, region?: string): Api {
  const options = clientOptions(account, region);
  return {
    autoScaling: new AutoScalingClient(options),
    ec2: new EC2Client(options),
    iam: new IAMClient(options),
    s3: new S3Client(options),
  };
}
