import { RunsClient } from "../../../test-runs/master/runs-client";
import { BucketSource, resultsSource, type RunsBucket } from "../../../test-runs/sources/bucket-source";
import { BucketStore } from "../push/bucket-store";
import { AwsWitness, type Witness } from "./witness";

/** What Terraform's state knows of a cluster that is about to lose its machines. */
export interface Doomed {
  readonly cluster: string;
  readonly region: string;
  /** The cluster's own bucket. */
  readonly bucket: string;
  /** Page and API of the master. */
  readonly master: string;
  /** EC2's id of the master; empty in the state of an older deploy. */
  readonly instance: string;
  /** Bucket of `results.bucket`; empty without one. */
  readonly results: string;
}

/** Where the runs of a cluster are. */
export interface Places {
  /** Nothing when the secret that opens it is gone. */
  readonly master?: RunsClient;
  /** The cluster's own bucket. */
  readonly own: RunsBucket;
  /** The bucket that outlives it. */
  readonly results?: RunsBucket;
  readonly witness: Witness;
}

/**
 * The token comes from the bucket, by the rights of who destroys: so it stands neither in a command nor in a state.
 *
 * @returns undefined when the cluster's own bucket is gone already, and with it all that it held
 */
export async function openPlaces({
  cluster,
  region,
  bucket,
  master,
  instance,
  results,
}: Doomed): Promise<Places | undefined> {
  const store = new BucketStore(bucket, region);
  try {
    const secret = await store.get("secrets/master.json").catch(orAbsent);
    if (secret === "NoSuchBucket") return undefined;
    const { token, certificate } =
      secret === "NoSuchKey"
        ? { token: undefined, certificate: null }
        : (JSON.parse(secret.content) as { readonly token: string; readonly certificate: string | null });
    return {
      master:
        token === undefined
          ? undefined
          : new RunsClient({ url: master, token, certificate: certificate ?? "", timeoutMs: 10_000 }),
      own: new BucketSource({ bucket, region }),
      witness: new AwsWitness({ bucket, region, instance }),
      results: results ? resultsSource(results, { region, cluster }) : undefined,
    };
  } finally {
    store.close();
  }
}

export function closePlaces({ master, own, results }: Places): void {
  for (const place of [master, own, results]) place?.close();
}

/** S3's code for a missing object; any other code is a real error. */
function orAbsent(error: unknown): "NoSuchBucket" | "NoSuchKey" {
  const name = (error as { cause?: { name?: string } }).cause?.name;
  if (name === "NoSuchBucket" || name === "NoSuchKey") return name;
  throw error;
}
