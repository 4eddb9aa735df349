import { explainAwsError } from "../../aws/aws-errors";

function awsError(name: string, message = "said AWS", more: object = {}): Error {
  return Object.assign(new Error(message), { name, ...more });
}

describe("explainAwsError", () => {
  test.each([
    [
      awsError("CredentialsProviderError", "Could not load credentials from any providers"),
      "no AWS credentials found",
    ],
    [
      awsError("CredentialsProviderError", "The SSO session associated with this profile has expired."),
      "the AWS session has ended (The SSO session associated with this profile has expired.)",
    ],
    [awsError("ExpiredToken"), "the AWS credentials have expired"],
    [awsError("ExpiredTokenException"), "the AWS credentials have expired"],
    [awsError("InvalidClientTokenId"), "AWS does not know the access key"],
    [awsError("AuthFailure"), "AWS does not know the access key"],
    [awsError("SignatureDoesNotMatch"), "the secret key does not match the access key"],
    [
      awsError("AccessDenied", "User x is not authorized\nmore"),
      "permission is missing (User x is not authorized)",
    ],
    [
      awsError("Error", "getaddrinfo ENOTFOUND sts.xx-east-1.amazonaws.com", { code: "ENOTFOUND" }),
      "cannot reach AWS (sts.xx-east-1.amazonaws.com: ENOTFOUND)",
    ],
    [
      awsError("Error", "connect ECONNREFUSED 127.0.0.1:9", { code: "ECONNREFUSED" }),
      "cannot reach AWS (127.0.0.1:9: ECONNREFUSED)",
    ],
    [awsError("Error", "read ECONNRESET", { code: "ECONNRESET" }), "cannot reach AWS (read ECONNRESET)"],
    // Of a host with several addresses: the errors of each are inside, and the message is empty.
    [awsError("AggregateError", "", { code: "ECONNREFUSED" }), "cannot reach AWS (ECONNREFUSED)"],
    [awsError("TimeoutError", "no answer after 5 s"), "cannot reach AWS (no answer after 5 s: TimeoutError)"],
    [
      awsError(
        "TimeoutError",
        "@smithy/node-http-handler - [ERROR] a request has exceeded the configured 20000 ms",
      ),
      "cannot reach AWS (no answer in time)",
    ],
    [
      awsError("Throttling", "slow down", { $metadata: { httpStatusCode: 400 } }),
      "Throttling: slow down (HTTP 400)",
    ],
  ])("%s", (error, reason) => {
    expect(explainAwsError(error, "cannot log in to AWS").message).toBe(`cannot log in to AWS: ${reason}`);
  });

  test.each([
    ["us-esat-1", "'region' us-esat-1 is not an AWS region that this version knows: did you mean us-east-1?"],
    ["xx-nowhere-9", "'region' xx-nowhere-9 is not an AWS region that this version knows"],
    ["us-east-1", "check the network, and 'region' in cluster.yaml"],
  ])("says what may be wrong with the region %s when its host is not found", (region, hint) => {
    const message = `getaddrinfo ENOTFOUND sts.${region}.amazonaws.com`;
    expect(explainAwsError(awsError("Error", message, { code: "ENOTFOUND" }), "x").hint).toBe(hint);
  });

  test("keeps the cause", () => {
    const cause = awsError("ExpiredToken");
    expect(explainAwsError(cause, "x").cause).toBe(cause);
  });
});
