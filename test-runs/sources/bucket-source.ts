import { Readable } from "node:stream";
import { GetObjectCommand, NoSuchKey, paginateListObjectsV2, S3Client } from "@aws-sdk/client-s3";
import { awsCredentials } from "../../aws/credentials";
import type { ClusterOutputs } from "../../lib/model/outputs";
import { resultsPrefix, type ResultsPlace } from "../../lib/model/results-place";
import { UserError } from "../../lib/model/user-error";
import type { RunFile } from "../../protocol/generated/api";
import { RUN_FILE, RUNS } from "../../protocol/generated/constants";
import { isRun } from "../run/is-run";
import type { Run, RunSummary } from "../run/run-api";
import { isRunId } from "./folder";
import { joinSegments, segmentsFrom, type JoinedFile } from "./segments";
import type { RunSource } from "./source";

const PARALLEL = 20;

/** The methods of a BucketSource, so that tests can replace it. */
export type RunsBucket = Pick<BucketSource, keyof BucketSource>;

interface BucketPlace {
  readonly bucket: string;
  readonly region: string;
  /** Prefix before `runs/`. @default - none, as in the cluster's own bucket */
  readonly prefix?: string;
}

/** The places in S3 to which a cluster's master writes its runs, or wrote them before `results.bucket` was set. */
export function bucketSources({
  cluster_name,
  region,
  bucket,
  results_bucket,
}: ClusterOutputs): BucketSource[] {
  const own = new BucketSource({ bucket, region });
  return results_bucket ? [own, resultsSource(results_bucket, { region, cluster: cluster_name })] : [own];
}

/** The runs in the bucket of `results.bucket`. */
export function resultsSource(bucket: string, place: ResultsPlace): BucketSource {
  return new BucketSource({ bucket, region: place.region, prefix: resultsPrefix(place) });
}

/** The runs that the master's agent has copied to a bucket. */
export class BucketSource implements RunSource {
  readonly name = "bucket";
  readonly bucket: string;
  private readonly folder: string;
  private readonly client: S3Client;

  constructor({ bucket, region, prefix = "" }: BucketPlace) {
    this.bucket = bucket;
    this.folder = `${prefix}${RUNS}`;
    this.client = new S3Client({ region, credentials: awsCredentials, maxAttempts: 4 });
  }

  async list(): Promise<readonly RunSummary[]> {
    const ids = await this.ids();
    const found: RunSummary[] = [];
    for (let start = 0; start < ids.length; start += PARALLEL) {
      const batch = ids.slice(start, start + PARALLEL);
      found.push(...(await Promise.all(batch.map((id) => this.find(id)))).flatMap((run) => run ?? []));
    }
    return found;
  }

  /** @throws UserError if its run.json is damaged */
  async run(id: string): Promise<Run> {
    const run = await this.read(id);
    if (run) return run;
    throw new UserError(`${RUN_FILE} of run ${id} in the bucket ${this.bucket} is damaged`);
  }

  /** Nothing while its run.json, the last of its files, has not arrived, or when it is damaged. */
  async find(id: string): Promise<Run | undefined> {
    try {
      return await this.read(id);
    } catch (error) {
      if (error instanceof NoSuchKey) return undefined;
      throw error;
    }
  }

  /** Nothing for a file that is no run. */
  private async read(id: string): Promise<Run | undefined> {
    const { Body } = await this.get(id, RUN_FILE);
    const text = await Body!.transformToString("utf8");
    try {
      const run: unknown = JSON.parse(text);
      return isRun(run) && run.id === id ? run : undefined;
    } catch {
      return undefined;
    }
  }

  async files(id: string): Promise<readonly RunFile[]> {
    return (await this.joined(id)).map(({ name, bytes, modified }) => ({ name, bytes, modified }));
  }

  async open(id: string, name: string, from: number): Promise<Readable> {
    const file = (await this.joined(id, name)).find((each) => each.name === name);
    if (!file) throw new NoSuchKey({ message: `there is no ${name}`, $metadata: {} });
    return Readable.from(this.pieces(id, segmentsFrom(file, from)));
  }

  close(): void {
    this.client.destroy();
  }

  /** Newest first; those that have just begun to arrive too. */
  async ids(): Promise<string[]> {
    const found: string[] = [];
    for await (const { CommonPrefixes = [] } of this.pages(this.folder, "/")) {
      for (const { Prefix = "" } of CommonPrefixes) found.push(Prefix.slice(this.folder.length, -1));
    }
    return found.filter(isRunId).sort().reverse();
  }

  private async joined(id: string, begin = ""): Promise<JoinedFile[]> {
    const folder = `${this.folder}${id}/`;
    const found: RunFile[] = [];
    for await (const { Contents = [] } of this.pages(`${folder}${begin}`)) {
      for (const { Key = "", Size = 0, LastModified = new Date(0) } of Contents)
        found.push({ name: Key.slice(folder.length), bytes: Size, modified: LastModified.toISOString() });
    }
    return joinSegments(found);
  }

  private async *pieces(id: string, segments: readonly { name: string; from: number }[]) {
    for (const { name, from } of segments) {
      const { Body } = await this.get(id, name, from > 0 ? `bytes=${from}-` : undefined);
      yield* Body as Readable;
    }
  }

  /** S3 lists a thousand at a time. */
  private pages(Prefix: string, Delimiter?: string) {
    return paginateListObjectsV2({ client: this.client }, { Bucket: this.bucket, Prefix, Delimiter });
  }

  private get(id: string, name: string, range?: string) {
    return this.client.send(
      new GetObjectCommand({ Bucket: this.bucket, Key: `${this.folder}${id}/${name}`, Range: range }),
    );
  }
}
