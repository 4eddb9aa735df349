import { HeadObjectCommand } from "@aws-sdk/client-s3";
import { httpStatus } from "../../../aws/aws-errors";
import type { Config } from "../../../lib/model/config";
import { stateKey } from "../../../lib/model/state-mark";
import { lockError, tryLock } from "../terraform/state-lock";
import type { Search } from "./kind";

const HELD = "another Terraform is using the state, or was killed";

/**
 * Why the state may be locked just now, for a command that only reads: it neither waits nor takes the lock of a state in S3,
 * where a colleague's deploy would find it taken.
 *
 * @param stack folder of the cluster's stack, initialized
 * @returns nothing when nobody holds the lock
 */
export async function whyLocked(
  config: Config,
  stack: string,
  { s3 }: Pick<Search, "s3">,
): Promise<string | undefined> {
  if (config.state.bucket === undefined) {
    // A process of this computer locks it, and the file beside it stays when that is killed: only a try tells.
    const failure = await tryLock(stack, "0s");
    return failure && lockError(failure);
  }
  try {
    // Terraform's name for it: internal/backend/remote-state/s3/client.go, `lockFileSuffix`.
    await s3.send(new HeadObjectCommand({ Bucket: config.state.bucket, Key: `${stateKey(config)}.tflock` }));
    return HELD;
  } catch (error) {
    const status = httpStatus(error);
    // S3 says 403 of an object that is not there to whoever may not list the bucket (S3 API Reference, HeadObject).
    return status === 404 ? undefined : `the lock of the state could not be read (HTTP ${status})`;
  }
}
