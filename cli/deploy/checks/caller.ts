import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { explainAwsError } from "../../../aws/aws-errors";
import { awsCredentials } from "../../../aws/credentials";

interface Caller {
  readonly account: string;
  readonly arn: string;
}

/**
 * Credentials are there and AWS takes them.
 *
 * @throws UserError if AWS does not take them, or there are none
 */
export async function checkCredentials(region: string): Promise<Caller> {
  const client = new STSClient({ region, credentials: awsCredentials, maxAttempts: 2 });
  try {
    const { Account, Arn } = await client.send(new GetCallerIdentityCommand({}));
    return { account: Account ?? "", arn: Arn ?? "" };
  } catch (error) {
    throw explainAwsError(error, "cannot log in to AWS");
  } finally {
    client.destroy();
  }
}
