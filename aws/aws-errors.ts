import { explainUnknownRegion } from "../lib/model/config/warnings";
import { oneLine } from "../lib/model/one-line";
import { UserError } from "../lib/model/user-error";

interface AwsError {
  readonly name?: string;
  readonly code?: string;
  readonly message?: string;
  readonly $metadata?: { readonly httpStatusCode?: number };
  readonly $response?: { readonly headers?: Readonly<Record<string, string>> };
}

const LOGIN = "log in again, e.g. with 'aws sso login', or renew the keys in your environment";

const EXPIRED = /^(ExpiredToken|RequestExpired|TokenRefreshRequired)/;
const UNKNOWN_KEY = /^(InvalidClientTokenId|UnrecognizedClientException|AuthFailure|InvalidAccessKeyId)$/;

/** Says in one sentence what an AWS call failed of. */
export function explainAwsError(error: unknown, what: string): UserError {
  const { name = "", code = "", message = String(error) } = error as AwsError;
  const told = (reason: string, hint?: string) => new UserError(`${what}: ${reason}`, { hint, cause: error });
  // From our own provider of credentials: it has found the words already.
  if (error instanceof UserError) return told(error.message, error.hint);
  if (name === "CredentialsProviderError") {
    if (/expired|sso|token/i.test(message))
      return told(`the AWS session has ended (${firstLine(message)})`, LOGIN);
    return told(
      "no AWS credentials found",
      "run 'aws configure', or set AWS_PROFILE or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY",
    );
  }
  if (EXPIRED.test(name)) return told("the AWS credentials have expired", LOGIN);
  if (isUnknownKey(error)) {
    return told(
      "AWS does not know the access key",
      "check AWS_PROFILE, AWS_ACCESS_KEY_ID and AWS_SESSION_TOKEN",
    );
  }
  if (name === "SignatureDoesNotMatch")
    return told("the secret key does not match the access key", "check AWS_SECRET_ACCESS_KEY");
  if (isAccessDenied(error)) return told(`permission is missing (${firstLine(message)})`);
  if (isNetworkError(error))
    return told(
      `cannot reach AWS (${placeIn(message, code || name)})`,
      explainHost(message) ?? "check the network, and 'region' in cluster.yaml",
    );
  const status = httpStatus(error) ? ` (HTTP ${httpStatus(error)})` : "";
  return told(`${name}: ${firstLine(message)}${status}`);
}

/** The same of a call in another region than the cluster's, which accepts the credentials. */
export function explainElsewhere(error: unknown, what: string): UserError {
  if (!isUnknownKey(error)) return explainAwsError(error, what);
  const reason =
    "AWS does not accept the credentials there: the region is not enabled, or the session not valid in it";
  return new UserError(`${what}: ${reason}`, { cause: error });
}

/** `sts.us-east-1.amazonaws.com: ENOTFOUND`, from `getaddrinfo ENOTFOUND sts.…`; else the whole message, which may be empty. */
function placeIn(message: string, code: string): string {
  // The SDK's own limits (answer-in-time.ts), which it words for whoever has set them.
  if (message.startsWith("@smithy/")) return "no answer in time";
  const place = /^\w+ E[A-Z_]+ (\S+)$/.exec(message)?.[1] ?? firstLine(message);
  return place === "" || place.endsWith(code) ? place || code : `${place}: ${code}`;
}

/** Explains the region in the name of a host that does not exist. */
function explainHost(message: string): string | undefined {
  const region = /\.((?:[a-z]+-){2,}\d+)\.(?:amazonaws|api)\./.exec(message)?.[1];
  return region && explainUnknownRegion(region);
}

/** HTTP status of AWS's answer; 0 when there was none. */
export function httpStatus(error: unknown): number {
  return (error as AwsError).$metadata?.httpStatusCode ?? 0;
}

/** Region in which a bucket lies, when S3 refuses with it: it does when asked in another region. */
export function bucketRegion(error: unknown): string | undefined {
  return (error as AwsError).$response?.headers?.["x-amz-bucket-region"];
}

export function isAccessDenied(error: unknown): boolean {
  const { name = "" } = error as AwsError;
  if (/^(AccessDenied|UnauthorizedOperation)/.test(name)) return true;
  return httpStatus(error) === 403 && !isCredentialProblem(error);
}

/** The key or its session is not known where it was asked. */
export function isUnknownKey(error: unknown): boolean {
  return UNKNOWN_KEY.test((error as AwsError).name ?? "");
}

/** 403 too, and of every call; or there are no credentials at all. */
export function isCredentialProblem(error: unknown): boolean {
  const { name = "" } = error as AwsError;
  const known = ["SignatureDoesNotMatch", "CredentialsProviderError"].includes(name);
  return known || error instanceof UserError || EXPIRED.test(name) || isUnknownKey(error);
}

function isNetworkError(error: unknown): boolean {
  const { name = "", code = "" } = error as AwsError;
  return (
    name === "TimeoutError" ||
    /^(ENOTFOUND|ECONNREFUSED|ECONNRESET|ETIMEDOUT|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH)$/.test(code)
  );
}

/** Of a refused call, the permission that it needs; AWS's own words where it does not name one. */
export function missingPermission(error: unknown): string {
  const { message = String(error) } = error as AwsError;
  return /perform: (\w+:\w+)/.exec(message)?.[1] ?? firstLine(message);
}

function firstLine(text: string): string {
  return oneLine(text.split("\n")[0]!.trim());
}
