import type { Readable } from "node:stream";
import { GetObjectCommand, ListObjectsV2Command, S3Client } from "@aws-sdk/client-s3";
import { isRunId, RUN_FILE } from "./folder";
import type { Run, RunFile, RunSummary } from "./run-api";
import type { RunSource } from "./source";

const PARALLEL = 20;

/** The runs that the master's agent has copied to the bucket. */
export class BucketSource implements RunSource {
  readonly name = "bucket";
  private readonly client: S3Client;

  constructor(
    private readonly bucket: string,
    region: string,
  ) {
    this.client = new S3Client({ region, maxAttempts: 4 });
  }

  async list(): Promise<readonly RunSummary[]> {
    const ids = await this.ids();
    const found: RunSummary[] = [];
    for (let start = 0; start < ids.length; start += PARALLEL) {
      const batch = ids.slice(start, start + PARALLEL);
      // A run whose run.json has not arrived yet is not there yet.
      found.push(...(await Promise.all(batch.map((id) => this.run(id).catch(() => [])))).flat());
    }
    return found;
  }

  async run(id: string): Promise<Run> {
    const { Body } = await this.get(id, RUN_FILE);
    return JSON.parse(await Body!.transformToString("utf8")) as Run;
  }

  async files(id: string): Promise<readonly RunFile[]> {
    const prefix = `runs/${id}/`;
    const { Contents = [] } = await this.client.send(
      new ListObjectsV2Command({ Bucket: this.bucket, Prefix: prefix }),
    );
    return Contents.map(({ Key = "", Size = 0, LastModified = new Date(0) }) => ({
      name: Key.slice(prefix.length),
      bytes: Size,
      modified: LastModified.toISOString(),
    }));
  }

  async open(id: string, name: string, from: number): Promise<Readable> {
    const { Body } = await this.get(id, name, from > 0 ? `bytes=${from}-` : undefined);
    return Body as Readable;
  }

  close(): void {
    this.client.destroy();
  }

  private get(id: string, name: string, range?: string) {
    return this.client.send(
      new GetObjectCommand({ Bucket: this.bucket, Key: `runs/${id}/${name}`, Range: range }),
    );
  }

  /** Newest first, from the folders below `runs/`. */
  private async ids(): Promise<string[]> {
    const found: string[] = [];
    let token: string | undefined;
    do {
      const page = await this.client.send(
        new ListObjectsV2Command({
          Bucket: this.bucket,
          Prefix: "runs/",
          Delimiter: "/",
          ContinuationToken: token,
        }),
      );
      for (const { Prefix = "" } of page.CommonPrefixes ?? []) found.push(Prefix.slice("runs/".length, -1));
      token = page.NextContinuationToken;
    } while (token);
    return found.filter(isRunId).sort().reverse();
  }
}
