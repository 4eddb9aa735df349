/**
 * How long a call waits for AWS, of clients that ask in several regions: by itself the SDK waits for ever, and one region that is
 * silent would hold up what others are asked for. EC2 answers within seconds, also with a page of a thousand instances.
 */
export const ANSWER_IN_TIME = {
  connectionTimeout: 5_000,
  requestTimeout: 20_000,
  throwOnRequestTimeout: true,
} as const;
