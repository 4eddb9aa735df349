import { GetObjectCommand, paginateListObjectsV2, S3Client, type _Object } from "@aws-sdk/client-s3";
import { awsCredentials } from "../../aws/credentials";
import { LEDGER } from "../../protocol/generated/constants";
import {
  instanceOf,
  isOwnRecord,
  newestOf,
  parseNodeRecord,
  type NodeRecord,
  type Written,
  type WrittenRecord,
} from "./ledger";

/** Objects fetched at the same time: hundreds of machines must not become hundreds of sockets. */
const PARALLEL = 20;

interface Known {
  readonly etag: string;
  readonly record: NodeRecord | undefined;
}

interface Listed extends Written {
  readonly key: string;
  readonly etag: string;
}

/** A machine renews its record every minute, and a boot that waits for the bucket every five. */
const RECENT_MS = 15 * 60_000;

/** Far beyond the longest log that a machine reports; what is larger is no record. */
const MOST_BYTES = 256 * 1024;

/** Objects that may be records. Pure. */
export function toListed(contents: readonly _Object[]): Listed[] {
  return contents.flatMap(({ Key: key, ETag: etag = "", LastModified, Size = 0 }) =>
    key && Size <= MOST_BYTES ? { key, etag, written: LastModified?.getTime() ?? 0 } : [],
  );
}

/** Pure: by the time of the newest, which needs no clock of this computer. */
export function recent(
  listed: readonly Listed[],
  expected: readonly string[] | undefined,
): readonly Listed[] {
  if (!expected) return listed;
  const newest = newestOf(listed);
  const wanted = new Set(expected);
  return listed.filter(({ key, written }) => newest - written <= RECENT_MS || wanted.has(instanceOf(key)));
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

  /**
   * All records, of machines that are gone too.
   *
   * @param expected instances whose record is read whatever its age; a record of any other that has not been renewed for long
   *   is left out, since machines come and go. @default - every record
   */
  async read(expected?: readonly string[]): Promise<WrittenRecord[]> {
    const listed = recent(await this.list(), expected);
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
    return listed.flatMap(({ key, written }) => {
      const record = next.get(key)?.record;
      return record ? { ...record, written } : [];
    });
  }

  close(): void {
    this.client.destroy();
  }

  private async list(): Promise<Listed[]> {
    const found: Listed[] = [];
    const listing = { Bucket: this.bucket, Prefix: LEDGER };
    for await (const { Contents = [] } of paginateListObjectsV2({ client: this.client }, listing))
      for (const each of toListed(Contents)) found.push(each);
    return found;
  }

  private async fetch(key: string): Promise<NodeRecord | undefined> {
    const { Body } = await this.client.send(new GetObjectCommand({ Bucket: this.bucket, Key: key }));
    const record = Body ? parseNodeRecord(await Body.transformToString("utf8")) : undefined;
    return record && isOwnRecord(key, record) ? record : undefined;
  }
}
