import { DeleteObjectCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { bucketRegion, explainAwsError, httpStatus } from "../../../aws/aws-errors";
import { awsCredentials } from "../../../aws/credentials";
import { probeKey, type ResultsPlace } from "../../../lib/model/results-place";
import { UserError } from "../../../lib/model/user-error";

/**
 * Writes an object where the master will write the runs, and deletes it: otherwise the first run would find out.
 *
 * It proves that the bucket is there, in the region, that its policy and the key that encrypts it admit writing, and that
 * somebody of this account can. Not that the master can: its role is made later, and is another principal.
 *
 * @throws UserError if it is not there, lies elsewhere, or may not be written
 */
export async function checkResultsBucket(bucket: string, place: ResultsPlace): Promise<void> {
  const client = new S3Client({ region: place.region, credentials: awsCredentials, maxAttempts: 3 });
  const probe = { Bucket: bucket, Key: probeKey(place) };
  try {
    await client
      .send(
        new PutObjectCommand({ ...probe, Body: "from the preflight of locust-cluster; you can delete it" }),
      )
      .catch((error: unknown) => {
        throw explainPut(error, bucket, place);
      });
    await client.send(new DeleteObjectCommand(probe)).catch((error: unknown) => {
      const what = `'results.bucket' ${bucket}: the probe object ${probe.Key} was written, but could not be deleted`;
      throw withPermissions(explainAwsError(error, what), bucket, place);
    });
  } finally {
    client.destroy();
  }
}

function explainPut(error: unknown, bucket: string, place: ResultsPlace): UserError {
  const home = bucketRegion(error);
  if ((error as Error).name === "NoSuchBucket") {
    return new UserError(`'results.bucket' names ${bucket}, which does not exist`, {
      hint: "create it first, in the region of the cluster, or leave the setting out",
      cause: error,
    });
  }
  // S3 refuses with 301 or 400, and tells where the bucket lies.
  if (httpStatus(error) === 301 || (home !== undefined && home !== place.region)) {
    return new UserError(
      `'results.bucket' ${bucket} is in ${home ?? "another region"}, but the cluster is in ${place.region}`,
      { hint: "use a bucket in the region of the cluster", cause: error },
    );
  }
  const what = `'results.bucket' ${bucket}: the probe object ${probeKey(place)} could not be written`;
  return withPermissions(explainAwsError(error, what), bucket, place);
}

/** Whoever deploys needs the master's permissions, and may delete the probe. */
function withPermissions(
  { message, hint, cause }: UserError,
  bucket: string,
  place: ResultsPlace,
): UserError {
  const needed =
    `whoever deploys needs s3:PutObject and s3:DeleteObject on ${bucket}/${probeKey(place)}, ` +
    "and kms:GenerateDataKey and kms:Decrypt where a key of your own encrypts the bucket";
  const isDenied = cause !== undefined && httpStatus(cause) === 403;
  return new UserError(message, { hint: isDenied ? needed : hint, cause });
}
