import { type Instance, TerminateInstancesCommand } from "@aws-sdk/client-ec2";
import { HeadBucketCommand } from "@aws-sdk/client-s3";
import { bucketRegion, httpStatus } from "../../../aws/aws-errors";
import { describeInstances } from "../../../aws/describe-instances";
import { BUCKET_TAG, NAME_TAG } from "../../../protocol/generated/constants";
import { isMarked, type Kind, type Search, tagOf, toFound } from "./kind";

/** One that is shutting down is on its way already. */
const PRESENT = ["pending", "running", "stopping", "stopped"];

/** By AWS, on what an Auto Scaling group has started. */
const GROUP_TAG = "aws:autoscaling:groupName";

/** Machines; the root volume and the interface of one go with it. Those of a fleet are its group's: no state knows them. */
export const instances: Kind = {
  title: "instance",
  find: async (search) => toFound(await findOwn(search), "InstanceId"),
  remove: ({ ec2 }, id) => ec2.send(new TerminateInstancesCommand({ InstanceIds: [id] })),
  // Until it is terminated, its addresses, groups and subnet are in use.
  linger: async (search, id) => {
    const [found] = await describeInstances(search.ec2, { InstanceIds: [id] });
    return found?.State?.Name === "terminated" ? undefined : found?.State?.Name;
  },
};

/**
 * This cluster's machines: by the mark, by the name of this cluster's bucket, or because the bucket that they were made for
 * is gone, so that they can do nothing more. Clusters before the mark have the others only.
 */
async function findOwn(search: Search): Promise<Instance[]> {
  const present = await describeInstances(search.ec2, {
    Filters: [
      { Name: `tag:${NAME_TAG}`, Values: [search.cluster] },
      { Name: "instance-state-name", Values: PRESENT },
    ],
  });
  const named = present.filter(({ Tags }) => tagOf(Tags, GROUP_TAG) === undefined);
  const bucketOf = ({ Tags }: Instance): string | undefined => tagOf(Tags, BUCKET_TAG);
  const others = new Set(named.filter(({ Tags }) => !isMarked(Tags, search)).map(bucketOf));
  const ownBuckets = new Set(search.knowledge.buckets);
  for (const bucket of others)
    if (bucket !== undefined && !ownBuckets.has(bucket) && (await isGone(search, bucket)))
      ownBuckets.add(bucket);
  return named.filter((each) => isMarked(each.Tags, search) || ownBuckets.has(bucketOf(each) ?? ""));
}

/**
 * A bucket that may not be asked about (403), or that is in another region, exists: S3 answers 301 or 400 then, and names the
 * region (botocore, `S3RegionRedirectorv2`: "is_special_head_bucket").
 */
async function isGone({ s3 }: Search, bucket: string): Promise<boolean> {
  try {
    await s3.send(new HeadBucketCommand({ Bucket: bucket }));
    return false;
  } catch (error) {
    const status = httpStatus(error);
    if (status === 404) return true;
    if (status === 403 || status === 301 || bucketRegion(error) !== undefined) return false;
    throw error;
  }
}
