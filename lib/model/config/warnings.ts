import { isBurstable } from "../instance-type";
import { nearest } from "./nearest";
import type { Config } from "./schema";

/**
 * Regions that the AWS SDK of this version lists, without those of AWS's isolated partitions.
 * https://docs.aws.amazon.com/global-infrastructure/latest/regions/aws-regions.html
 */
export const REGIONS: readonly string[] = (
  "af-south-1 ap-east-1 ap-east-2 ap-northeast-1 ap-northeast-2 ap-northeast-3 ap-south-1 ap-south-2 " +
  "ap-southeast-1 ap-southeast-2 ap-southeast-3 ap-southeast-4 ap-southeast-5 ap-southeast-6 ap-southeast-7 " +
  "ca-central-1 ca-west-1 cn-north-1 cn-northwest-1 eu-central-1 eu-central-2 eu-north-1 eu-south-1 eu-south-2 " +
  "eu-west-1 eu-west-2 eu-west-3 eusc-de-east-1 il-central-1 me-central-1 me-south-1 me-west-1 mx-central-1 " +
  "sa-east-1 sa-west-1 us-east-1 us-east-2 us-gov-east-1 us-gov-west-1 us-west-1 us-west-2"
).split(" ");

/**
 * A warning about an unknown, perhaps misspelt region; undefined for a known one. Not an error, because AWS opens regions that
 * this list does not have.
 */
export function explainUnknownRegion(region: string): string | undefined {
  if (REGIONS.includes(region)) return undefined;
  const near = nearest(region, REGIONS);
  return `'region' ${region} is not an AWS region that this version knows${near ? `: did you mean ${near}?` : ""}`;
}

/** Settings that are allowed, but deserve a warning at every synthesis. */
export function warningsFor({ access, region, workers }: Config): string[] {
  const warnings: string[] = [];
  const unknown = explainUnknownRegion(region);
  if (unknown) warnings.push(unknown);
  if (access.login === "none" && access.webCidrs.some((cidr) => cidr.endsWith("/0"))) {
    warnings.push(
      "the page is open to everyone and asks for no login: set 'access.login' or narrow 'access.webCidrs'",
    );
  }
  if (workers.count > 0 && isBurstable(workers.instanceType)) {
    warnings.push(
      `workers of type ${workers.instanceType} run on CPU credits: beyond these AWS ${workers.instanceType.startsWith("t2.") ? "slows them down" : "charges for every vCPU-hour"}; prefer c7g.large or another type that is not burstable`,
    );
  }
  return warnings;
}
