/** Where the runs of a cluster lie in a bucket that is not the cluster's own, `results.bucket`. */
export interface ResultsPlace {
  readonly region: string;
  readonly cluster: string;
}

/** What stands before `runs/<run-id>/…`. The same name in another region is another cluster, as it is for the state. */
export function resultsPrefix({ region, cluster }: ResultsPlace): string {
  return `locust-cluster/${region}/${cluster}/`;
}

/** As the machines are told it. */
export function resultsUrl(bucket: string, place: ResultsPlace): string {
  return `s3://${bucket}/${resultsPrefix(place)}`;
}

/** The keys that the master may write. Made up, not looked up: a bucket that is gone must not keep a cluster from being destroyed. */
export function resultsArn(bucket: string, place: ResultsPlace): string {
  return `arn:${partitionOf(place.region)}:s3:::${bucket}/${resultsPrefix(place)}runs/*`;
}

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html */
function partitionOf(region: string): string {
  if (region.startsWith("cn-")) return "aws-cn";
  return region.startsWith("us-gov-") ? "aws-us-gov" : "aws";
}
