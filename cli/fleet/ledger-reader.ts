import { GetObjectCommand, paginateListObjectsV2, S3Client } from "@aws-sdk/client-s3";
import { awsCredentials } from "../../aws/credentials";
import { LEDGER } from "../../protocol/generated/constants";
import { isOwnRecord, parseNodeRecord, type NodeRecord } from "./ledger";

/** Objects fetched at the same time: hundreds of machines must not become hundreds of sockets. */
const PARALLEL = 20;

interface Known {
  readonly etag: string;
  readonly record: NodeRecord | undefined;
}

/** Reads the records of all machines from the cluster's bucket; only those that changed are fetched again. */
export class LedgerReader {
  private readonly client: S3Client;
  private known = new Map<string, Known>();

  constructor(
    private readonly bucket: string,
    region: string,
  ) {
    this.client = new S3Client({ region, credentials: awsCredentials, maxAttempts: 2 });
  }

  async read(): Promise<NodeRecord[]> {
    const listed = await this.list();
    const changed = listed.filter(({ key, etag }) => this.known.get(key)?.etag !== etag);
    const next = new Map(
      listed.flatMap(({ key }) => (this.known.has(key) ? [[key, this.known.get(key)!]] : [])),
    );
    for (let start = 0; start < changed.length; start += PARALLEL) {
      const batch = changed.slice(start, start + PARALLEL);
      await Promise.all(
        batch.map(async ({ key, etag }) => next.set(key, { etag, record: await this.fetch(key) })),
      );
    }
    this.known = next;
    return [...next.values()].flatMap(({ record }) => record ?? []);
  }

  close(): void {
    this.client.destroy();
  }

  private async list(): Promise<{ key: string; etag: string }[]> {
    const found: { key: string; etag: string }[] = [];
    const listing = { Bucket: this.bucket, Prefix: LEDGER };
    for await (const { Contents = [] } of paginateListObjectsV2({ client: this.client }, listing))
      for (const { Key, ETag = "" } of Contents) if (Key) found.push({ key: Key, etag: ETag });
    return found;
  }

  private async fetch(key: string): Promise<NodeRecord | undefined> {
    const { Body } = await this.client.send(new GetObjectCommand({ Bucket: this.bucket, Key: key }));
    const record = Body ? parseNodeRecord(await Body.transformToString("utf8")) : undefined;
    return record && isOwnRecord(key, record) ? record : undefined;
  }
}
