import { UserError } from "../lib/user-error";
import { oneLine } from "./printable";

interface AwsError {
  readonly name?: string;
  readonly code?: string;
  readonly message?: string;
  readonly $metadata?: { readonly httpStatusCode?: number };
}

const LOGIN = "log in again, e.g. with 'aws sso login', or renew the keys in your environment";

/** Says in one sentence what an AWS call failed of. */
export function explainAwsError(error: unknown, what: string): UserError {
  const { name = "", code = "", message = String(error), $metadata } = error as AwsError;
  const told = (reason: string, hint?: string) => new UserError(`${what}: ${reason}`, { hint, cause: error });
  // From our own provider of credentials: it has found the words already.
  if (error instanceof UserError) return told(error.message, error.hint);
  if (name === "CredentialsProviderError") {
    if (/expired|sso|token/i.test(message))
      return told(`the AWS session has ended (${firstLine(message)})`, LOGIN);
    return told(
      "no AWS credentials were found",
      "run 'aws configure', or set AWS_PROFILE or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY",
    );
  }
  if (/^(ExpiredToken|RequestExpired|TokenRefreshRequired)/.test(name))
    return told("the AWS credentials have expired", LOGIN);
  if (/^(InvalidClientTokenId|UnrecognizedClientException|AuthFailure|InvalidAccessKeyId)$/.test(name)) {
    return told(
      "AWS does not know the access key",
      "check AWS_PROFILE, AWS_ACCESS_KEY_ID and AWS_SESSION_TOKEN",
    );
  }
  if (/^SignatureDoesNotMatch$/.test(name))
    return told("the secret key does not fit the access key", "check AWS_SECRET_ACCESS_KEY");
  if (isAccessDenied(error)) return told(`permission is missing (${firstLine(message)})`);
  if (isNetworkError(error))
    return told(
      `AWS could not be reached (${code || name}: ${firstLine(message)})`,
      "check the network, and 'region' in cluster.yaml",
    );
  const status = $metadata?.httpStatusCode ? ` (HTTP ${$metadata.httpStatusCode})` : "";
  return told(`${name}: ${firstLine(message)}${status}`);
}

function isAccessDenied(error: unknown): boolean {
  const { name = "", $metadata } = error as AwsError;
  return /^(AccessDenied|UnauthorizedOperation)/.test(name) || $metadata?.httpStatusCode === 403;
}

function isNetworkError(error: unknown): boolean {
  const { name = "", code = "" } = error as AwsError;
  return (
    name === "TimeoutError" ||
    /^(ENOTFOUND|ECONNREFUSED|ECONNRESET|ETIMEDOUT|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH)$/.test(code)
  );
}

function firstLine(text: string): string {
  return oneLine(text.split("\n")[0]!.trim());
}
