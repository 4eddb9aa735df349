import { S3Bucket } from "@cdktf/provider-aws/lib/s3-bucket";
import { S3BucketPolicy } from "@cdktf/provider-aws/lib/s3-bucket-policy";
import { S3BucketPublicAccessBlock } from "@cdktf/provider-aws/lib/s3-bucket-public-access-block";
import { Construct } from "constructs";
import type { Identity } from "./identity";
import { toPolicy } from "./policy";
import type { Preflight } from "./preflight";

export interface StoreProps {
  /** Name of the cluster. */
  readonly cluster: string;
  readonly region: string;
  readonly identity: Identity;
  readonly preflight: Preflight;
}

/**
 * The cluster's bucket: private, refused over plain HTTP, emptied and deleted with the cluster.
 *
 * S3 encrypts every object since January 2023 (SSE-S3, User Guide, "default encryption"): one call less that could meet
 * another.
 */
export class Store extends Construct {
  readonly bucket: S3Bucket;
  readonly policy: S3BucketPolicy;
  readonly region: string;

  constructor(scope: Construct, id: string, { cluster, region, identity, preflight }: StoreProps) {
    super(scope, id);
    this.region = region;

    this.bucket = new S3Bucket(this, "bucket", {
      // Names of buckets are global: Terraform completes this one.
      bucketPrefix: identity.bucketPrefix,
      forceDestroy: true,
      tags: { Name: cluster },
      // That of a bucket which was made with another prefix stays: a new name is a new bucket.
      lifecycle: { ignoreChanges: ["bucket_prefix"] },
      dependsOn: [preflight.resource],
    });
    const bucket = this.bucket.id;

    const privacy = new S3BucketPublicAccessBlock(this, "privacy", {
      bucket,
      blockPublicAcls: true,
      blockPublicPolicy: true,
      ignorePublicAcls: true,
      restrictPublicBuckets: true,
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
      // S3 refuses calls that meet: "409 OperationAborted: A conflicting conditional operation is currently in progress".
      dependsOn: [privacy],
    });
  }
}
