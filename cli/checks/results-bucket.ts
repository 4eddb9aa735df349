import { HeadBucketCommand, S3Client } from "@aws-sdk/client-s3";
import { UserError } from "../../lib/user-error";
import { explainAwsError } from "../aws-errors";
import { awsCredentials } from "../credentials/provider";

interface Refusal {
  readonly $metadata?: { readonly httpStatusCode?: number };
  readonly $response?: { readonly headers?: Readonly<Record<string, string>> };
}

/** `results.bucket` must be there: otherwise the master would find out, after the first run. */
export async function checkResultsBucket(bucket: string, region: string): Promise<void> {
  const client = new S3Client({ region, credentials: awsCredentials, maxAttempts: 3 });
  try {
    const { BucketRegion: home } = await client.send(new HeadBucketCommand({ Bucket: bucket }));
    if (home !== undefined && home !== region) throw elsewhere(bucket, region, home);
  } catch (error) {
    if (error instanceof UserError) throw error;
    const { $metadata, $response } = error as Refusal;
    const status = $metadata?.httpStatusCode;
    if (status === 404) {
      throw new UserError(`'results.bucket' names ${bucket}, and there is no such bucket`, {
        hint: "make it first, in the region of the cluster, or leave the setting out",
        cause: error,
      });
    }
    if (status === 301)
      throw elsewhere(bucket, region, $response?.headers?.["x-amz-bucket-region"] ?? "another region");
    throw explainAwsError(error, `'results.bucket' ${bucket} cannot be used`);
  } finally {
    client.destroy();
  }
}

function elsewhere(bucket: string, region: string, home: string): UserError {
  return new UserError(`'results.bucket' ${bucket} lies in ${home}, and the cluster in ${region}`, {
    hint: "take a bucket in the region of the cluster",
  });
}
