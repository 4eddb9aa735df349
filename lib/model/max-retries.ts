/** The largest cluster that is created without throttled calls in number. */
const SMALL = 20;

/** Minutes for which the provider tries a call 25 times, about. */
export const LONGEST_TRY_MIN = 45;

/** Whether missing capacity is an error only after three quarters of an hour, so that somebody has to watch for it. */
export function hidesMissingCapacity(workers: number): boolean {
  return workers > SMALL;
}

/**
 * How often the AWS provider tries a call (`max_retries`), by the number of workers.
 *
 * The provider also tries again when AWS has no capacity (hashicorp/terraform-provider-aws#43193), with a random wait of up to
 * 1, 2, 4, … 300 s before each attempt: so missing capacity is an error after at most 63 s with 7 attempts, and after
 * three quarters of an hour with 25.
 *
 * EC2 takes 5 calls of RunInstances, then 2 per second, and Terraform makes 10 at once ("Request throttling for the
 * Amazon EC2 API", Amazon EC2 Developer Guide). Up to 20 workers no call meets that limit 7 times; of hundreds of
 * workers some do, and one that fails is a failed deploy.
 */
export function maxRetries(workers: number): number {
  return hidesMissingCapacity(workers) ? 25 : 7;
}
