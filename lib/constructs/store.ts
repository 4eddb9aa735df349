import { S3Bucket } from "@cdktf/provider-aws/lib/s3-bucket";
import { S3BucketPolicy } from "@cdktf/provider-aws/lib/s3-bucket-policy";
import { S3BucketPublicAccessBlock } from "@cdktf/provider-aws/lib/s3-bucket-public-access-block";
import { S3BucketServerSideEncryptionConfigurationA } from "@cdktf/provider-aws/lib/s3-bucket-server-side-encryption-configuration";
import { Construct } from "constructs";
import { toPolicy } from "../policy";
import type { Preparation } from "./preparation";

export interface StoreProps {
  /** Name of the cluster. */
  readonly cluster: string;
  readonly preparation: Preparation;
}

/** The cluster's bucket: private, encrypted, refused over plain HTTP, emptied and deleted with the cluster. */
export class Store extends Construct {
  readonly bucket: S3Bucket;
  readonly policy: S3BucketPolicy;

  constructor(scope: Construct, id: string, { cluster, preparation }: StoreProps) {
    super(scope, id);

    this.bucket = new S3Bucket(this, "bucket", {
      // Names of buckets are global: AWS completes this one.
      bucketPrefix: `${cluster}-`,
      forceDestroy: true,
      tags: { Name: cluster },
      dependsOn: [preparation.resource],
    });
    const bucket = this.bucket.id;

    const privacy = new S3BucketPublicAccessBlock(this, "privacy", {
      bucket,
      blockPublicAcls: true,
      blockPublicPolicy: true,
      ignorePublicAcls: true,
      restrictPublicBuckets: true,
    });
    new S3BucketServerSideEncryptionConfigurationA(this, "encryption", {
      bucket,
      rule: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } }],
    });
    this.policy = new S3BucketPolicy(this, "policy", {
      bucket,
      policy: toPolicy({
        Sid: "TlsOnly",
        Effect: "Deny",
        Principal: "*",
        Action: "s3:*",
        Resource: [this.bucket.arn, `${this.bucket.arn}/*`],
        Condition: { Bool: { "aws:SecureTransport": "false" } },
      }),
      // Both at once is refused by S3: "a conflicting conditional operation is currently in progress".
      dependsOn: [privacy],
    });
  }
}
