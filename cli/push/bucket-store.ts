import { GetObjectCommand, HeadObjectCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { explainAwsError } from "../aws-errors";
import { awsCredentials } from "../credentials/provider";
import type { NodeRecord } from "../ledger";
import { LedgerReader } from "../ledger-reader";
import type { ObjectStore } from "./object-store";

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

  async has(key: string): Promise<boolean> {
    try {
      await this.client.send(new HeadObjectCommand({ Bucket: this.bucket, Key: key }));
      return true;
    } catch (error) {
      if ((error as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode === 404)
        return false;
      throw explainAwsError(error, `the bucket ${this.bucket} could not be read`);
    }
  }

  async get(key: string): Promise<string> {
    try {
      const { Body } = await this.client.send(new GetObjectCommand({ Bucket: this.bucket, Key: key }));
      return await Body!.transformToString("utf8");
    } catch (error) {
      throw explainAwsError(error, `${key} could not be read from the bucket ${this.bucket}`);
    }
  }

  async put(key: string, content: string | Uint8Array): Promise<void> {
    const type = key.endsWith(".json") ? "application/json" : undefined;
    try {
      await this.client.send(
        new PutObjectCommand({ Bucket: this.bucket, Key: key, Body: content, ContentType: type }),
      );
    } catch (error) {
      throw explainAwsError(error, `${key} could not be written to the bucket ${this.bucket}`);
    }
  }

  async records(): Promise<readonly NodeRecord[]> {
    try {
      return await this.ledger.read();
    } catch (error) {
      throw explainAwsError(error, `the bucket ${this.bucket} could not be read`);
    }
  }

  close(): void {
    this.client.destroy();
    this.ledger.close();
  }
}
