import {
  DeleteBucketCommand,
  DeleteObjectsCommand,
  paginateListBuckets,
  paginateListObjectsV2,
} from "@aws-sdk/client-s3";
import { bucketPrefix } from "../../../lib/model/state-mark";
import { BucketSource } from "../../../test-runs/sources/bucket-source";
import { saveRun } from "../keep/save-runs";
import type { Kind, Search } from "./kind";

/** S3 lists page by page only where a size is asked for, and an account may have 10,000 buckets (S3 API Reference, ListBuckets). */
const PAGE = 1000;

/** The cluster's own buckets, known by their names: their tags come a moment later. */
export const buckets: Kind = {
  title: "bucket",
  find: async ({ s3, cluster, knowledge }) => {
    const names: string[] = [];
    for (const mark of knowledge.marks) {
      const Prefix = bucketPrefix(cluster, mark);
      for await (const { Buckets = [] } of paginateListBuckets({ client: s3, pageSize: PAGE }, { Prefix }))
        names.push(...Buckets.map(({ Name }) => String(Name)).filter((name) => name.startsWith(Prefix)));
    }
    return names.map((id) => ({ id }));
  },
  remove: async (search, id) => {
    if (search.keepRuns) await saveRuns(search, id);
    await empty(search, id);
    await search.s3.send(new DeleteBucketCommand({ Bucket: id }));
  },
};

async function saveRuns({ cluster, region, tell }: Search, bucket: string): Promise<void> {
  const source = new BucketSource({ bucket, region });
  try {
    const { signal } = new AbortController();
    for (const id of await source.ids()) await saveRun({ id, cluster, source, signal, tell });
  } finally {
    source.close();
  }
}

/** It keeps no versions (lib/constructs/store.ts). A page is at most what one call deletes. */
async function empty({ s3 }: Search, Bucket: string): Promise<void> {
  for await (const { Contents = [] } of paginateListObjectsV2({ client: s3 }, { Bucket })) {
    const Objects = Contents.map(({ Key }) => ({ Key }));
    if (Objects.length === 0) continue;
    const { Errors = [] } = await s3.send(
      new DeleteObjectsCommand({ Bucket, Delete: { Objects, Quiet: true } }),
    );
    // S3 answers 200, whatever it could not delete (S3 API Reference, DeleteObjects).
    for (const { Code = "Error", Key, Message } of Errors)
      throw Object.assign(new Error(`${Key}: ${Message}`), { name: Code });
  }
}
