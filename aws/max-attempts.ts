/**
 * How often our own calls of EC2 are tried. A Terraform that reads hundreds of machines empties EC2's token buckets for
 * seconds at a time, also for us; six attempts wait up to 15 s in all (the SDK's standard mode: 0.5, 1, 2, 4, 8 s at most).
 */
export const MAX_ATTEMPTS = 6;
