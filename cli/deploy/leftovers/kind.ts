import type { AutoScalingClient } from "@aws-sdk/client-auto-scaling";
import type { EC2Client, Filter, Tag } from "@aws-sdk/client-ec2";
import type { IAMClient } from "@aws-sdk/client-iam";
import type { S3Client } from "@aws-sdk/client-s3";
import { STATE_TAG } from "../../../protocol/generated/constants";
import type { Knowledge } from "./knowledge";

/** Where to look, and what for. */
export interface Search {
  readonly autoScaling: AutoScalingClient;
  readonly ec2: EC2Client;
  readonly iam: IAMClient;
  readonly s3: S3Client;
  /** Name of the cluster. */
  readonly cluster: string;
  readonly region: string;
  /** `results.keepOnDestroy`: runs in a bucket are saved before it goes. */
  readonly keepRuns: boolean;
  readonly knowledge: Knowledge;
  /** The same in the other regions of the cluster, but with roles and buckets of this one. */
  readonly elsewhere: readonly Search[];
  readonly tell: (line: string) => void;
}

/** Something of this cluster that is in the account. */
export interface Found {
  /** As Terraform has it in its state. */
  readonly id: string;
  /** Its `Name`, if it has one. */
  readonly name?: string;
  /** AWS's refusal to show its tags: nobody knows whose it is, and it stays. */
  readonly denied?: unknown;
}

/** A kind of resource that Terraform creates for a cluster. */
export interface Kind {
  /** As AWS calls one of it, e.g. `route table`; with an `s`, several. */
  readonly title: string;
  /** All of this cluster, whether a state knows it or not; of no other cluster. */
  readonly find: (search: Search) => Promise<readonly Found[]>;
  /**
   * Deletes one. May be asked again for the same: what is gone already is no error.
   *
   * @throws what AWS says while something else uses it
   */
  readonly remove: (search: Search, id: string) => Promise<unknown>;
  /** For what AWS takes its time to delete: the state of one that is still there. */
  readonly linger?: (search: Search, id: string) => Promise<string | undefined>;
}

/** EC2's filter for what carries the mark of this cluster's state. */
export function marked({ knowledge }: Search): { Filters: Filter[] } {
  return { Filters: [{ Name: `tag:${STATE_TAG}`, Values: [...knowledge.marks] }] };
}

export function isMarked(tags: readonly Tag[] | undefined, { knowledge }: Search): boolean {
  return knowledge.marks.includes(tagOf(tags, STATE_TAG) ?? "");
}

export function tagOf(tags: readonly Tag[] | undefined, key: string): string | undefined {
  return tags?.find(({ Key }) => Key === key)?.Value;
}

/** Id and name of what EC2 lists. */
export function toFound<T extends { Tags?: Partial<Tag>[] }>(
  things: readonly T[] | undefined,
  id: keyof T,
): Found[] {
  return (things ?? []).map((thing) => ({ id: String(thing[id]), name: tagOf(thing.Tags, "Name") }));
}
