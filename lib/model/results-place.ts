import { RUNS } from "../../protocol/generated/constants";
import type { Statement } from "./statement";

/** Where the runs of a cluster lie in a bucket that is not the cluster's own, `results.bucket`. */
export interface ResultsPlace {
  readonly region: string;
  readonly cluster: string;
}

/** Prefix of `runs/<run-id>/…`. The same name in another region is another cluster, as for the state. */
export function resultsPrefix({ region, cluster }: ResultsPlace): string {
  return `locust-cluster/${region}/${cluster}/`;
}

/** Object that the preflight writes and deletes: among those that the master may write, and never taken for a run. */
export function probeKey(place: ResultsPlace): string {
  return `${resultsPrefix(place)}${RUNS}probe`;
}

/** The place as an address for the machines. */
export function resultsUrl(bucket: string, place: ResultsPlace): string {
  return `s3://${bucket}/${resultsPrefix(place)}`;
}

/** The keys that the master may write. Made up, not looked up: a bucket that is gone must not keep a cluster from being destroyed. */
export function resultsArn(bucket: string, place: ResultsPlace): string {
  return `arn:${partitionOf(place.region)}:s3:::${bucket}/${resultsPrefix(place)}${RUNS}*`;
}

/**
 * What writing there takes when a key of the user's own encrypts the bucket: the policy of a key leaves it to IAM.
 *
 * Which key that is, only the bucket tells, and it may change. So any of the region, but by S3 only, and for these objects
 * only: S3 names the object in the encryption context, or the bucket where it has a bucket key, which it decrypts to check it.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html and .../bucket-key.html
 */
export function resultsKeyUse(bucket: string, place: ResultsPlace): Statement {
  const { region } = place;
  const partition = partitionOf(region);
  const domain = partition === "aws-cn" ? "amazonaws.com.cn" : "amazonaws.com";
  return {
    Sid: "EncryptResults",
    Effect: "Allow",
    Action: ["kms:GenerateDataKey", "kms:Decrypt"],
    Resource: `arn:${partition}:kms:${region}:*:key/*`,
    Condition: {
      StringEquals: { "kms:ViaService": `s3.${region}.${domain}` },
      StringLike: {
        "kms:EncryptionContext:aws:s3:arn": [`arn:${partition}:s3:::${bucket}`, resultsArn(bucket, place)],
      },
    },
  };
}

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html */
function partitionOf(region: string): string {
  if (region.startsWith("cn-")) return "aws-cn";
  return region.startsWith("us-gov-") ? "aws-us-gov" : "aws";
}
