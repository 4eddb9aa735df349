import {
  AttachUserPolicyCommand,
  CreateAccessKeyCommand,
  CreatePolicyCommand,
  CreateUserCommand,
  type IAMClient,
} from "@aws-sdk/client-iam";
import type { Statement } from "../../lib/model/statement";

export interface PolicyDocument {
  readonly Version: string;
  readonly Statement: readonly Statement[];
}

export interface User {
  readonly arn: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/** A user of the account who has these policies and nothing else. */
export async function createUser(
  iam: IAMClient,
  name: string,
  ...policies: readonly PolicyDocument[]
): Promise<User> {
  const { User } = await iam.send(new CreateUserCommand({ UserName: name }));
  for (const [index, policy] of policies.entries()) {
    const PolicyName = index === 0 ? name : `${name}-${index + 1}`;
    const { Policy } = await iam.send(
      new CreatePolicyCommand({ PolicyName, PolicyDocument: JSON.stringify(policy) }),
    );
    await iam.send(new AttachUserPolicyCommand({ UserName: name, PolicyArn: Policy!.Arn }));
  }
  const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName: name }));
  return {
    arn: User!.Arn!,
    accessKeyId: AccessKey!.AccessKeyId!,
    secretAccessKey: AccessKey!.SecretAccessKey!,
  };
}
