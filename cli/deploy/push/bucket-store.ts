import { GetObjectCommand, HeadObjectCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { explainAwsError, httpStatus } from "../../../aws/aws-errors";
import { awsCredentials } from "../../../aws/credentials";
import type { UserError } from "../../../lib/model/user-error";
import type { NodeRecord } from "../../machines/ledger";
import { LedgerReader } from "../../machines/ledger-reader";
import type { ObjectStore, Version } from "./object-store";

/** The bucket of a deployed cluster, with the user's own credentials. Throws one sentence. */
export class BucketStore implements ObjectStore {
  private readonly client: S3Client;
  private readonly ledger: LedgerReader;

  constructor(
    private readonly bucket: string,
    region: string,
  ) {
    this.client = new S3Client({ region, credentials: awsCredentials, maxAttempts: 4 });
    this.ledger = new LedgerReader(bucket, region);
  }

  /** @throws UserError if the bucket cannot be read */
  async has(key: string): Promise<boolean> {
    try {
      await this.client.send(new HeadObjectCommand({ Bucket: this.bucket, Key: key }));
      return true;
    } catch (error) {
      if (httpStatus(error) === 404) return false;
      throw explainAwsError(error, `the bucket ${this.bucket} could not be read`);
    }
  }

  /** @throws UserError if the object cannot be read */
  async get(key: string): Promise<Version> {
    try {
      const { Body, ETag } = await this.client.send(new GetObjectCommand({ Bucket: this.bucket, Key: key }));
      return { content: await Body!.transformToString("utf8"), tag: ETag! };
    } catch (error) {
      throw explainAwsError(error, `${key} could not be read from the bucket ${this.bucket}`);
    }
  }

  async put(key: string, content: string | Uint8Array): Promise<void> {
    try {
      await this.send(key, content);
    } catch (error) {
      throw this.notWritten(key, error);
    }
  }

  async replace(key: string, content: string, tag: string): Promise<boolean> {
    try {
      await this.send(key, content, tag);
      return true;
    } catch (error) {
      // 412 PreconditionFailed; 409 ConditionalRequestConflict, of two at once (S3 User Guide, "Conditional requests").
      if (![409, 412].includes(httpStatus(error))) throw this.notWritten(key, error);
      // The answer to the first attempt may have been lost: the SDK asks again, and meets its own version.
      return (await this.get(key)).content === content;
    }
  }

  /** @throws UserError if the bucket cannot be read */
  async records(expected?: readonly string[]): Promise<readonly NodeRecord[]> {
    try {
      return await this.ledger.read(expected);
    } catch (error) {
      throw explainAwsError(error, `the bucket ${this.bucket} could not be read`);
    }
  }

  close(): void {
    this.client.destroy();
    this.ledger.close();
  }

  private async send(key: string, content: string | Uint8Array, tag?: string): Promise<void> {
    const ContentType = key.endsWith(".json") ? "application/json" : undefined;
    await this.client.send(
      new PutObjectCommand({ Bucket: this.bucket, Key: key, Body: content, ContentType, IfMatch: tag }),
    );
  }

  private notWritten(key: string, error: unknown): UserError {
    return explainAwsError(error, `${key} could not be written to the bucket ${this.bucket}`);
  }
}
