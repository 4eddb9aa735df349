/** Name of a region, also of one that AWS opens later. */
export const REGION = /^[a-z]{2,4}(?:-[a-z]+)+-\d{1,2}$/;

/**
 * Regions in the order in which this project came to know them. Append only: a region's place gives its block, and another block
 * would replace all that a cluster has there.
 */
export const REGIONS: readonly string[] = (
  "af-south-1 ap-east-1 ap-east-2 ap-northeast-1 ap-northeast-2 ap-northeast-3 ap-south-1 ap-south-2 " +
  "ap-southeast-1 ap-southeast-2 ap-southeast-3 ap-southeast-4 ap-southeast-5 ap-southeast-6 ap-southeast-7 " +
  "ca-central-1 ca-west-1 cn-north-1 cn-northwest-1 eu-central-1 eu-central-2 eu-north-1 eu-south-1 eu-south-2 " +
  "eu-west-1 eu-west-2 eu-west-3 eusc-de-east-1 il-central-1 me-central-1 me-south-1 me-west-1 mx-central-1 " +
  "sa-east-1 sa-west-1 us-east-1 us-east-2 us-gov-east-1 us-gov-west-1 us-west-1 us-west-2"
).split(" ");

/** `network.cidr`, unless it is set. The blocks of the other regions lie behind it. */
export const HOME_BLOCK = "10.77.0.0/16";

const FIRST = 78;

/** The block of a region beside HOME_BLOCK; undefined for a region that this version does not know. */
export function blockOf(region: string): string | undefined {
  const index = REGIONS.indexOf(region);
  return index < 0 ? undefined : `10.${FIRST + index}.0.0/16`;
}

/** Regions of different partitions know nothing of each other: no peering, and other accounts. */
export function partitionOf(region: string): string {
  return /^(?:cn|us-gov|eusc|(?:us|eu)-iso[a-z]?)(?=-)/.exec(region)?.[0] ?? "";
}
