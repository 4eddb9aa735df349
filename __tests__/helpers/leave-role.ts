import {
  AttachRolePolicyCommand,
  CreateInstanceProfileCommand,
  CreatePolicyCommand,
  CreateRoleCommand,
  type IAMClient,
} from "@aws-sdk/client-iam";
import { MACHINE_ROLES, rolePrefix } from "../../lib/model/state-mark";
import { STATE_TAG } from "../../protocol/generated/constants";
import { toDocument } from "./policies";

/**
 * What a killed deploy would leave of a machine's role: named and tagged like the cluster's, and in no state. Somebody has
 * given the role a policy since.
 */
export async function leaveRole(iam: IAMClient, cluster: string, state: string): Promise<void> {
  const name = `${rolePrefix(cluster, MACHINE_ROLES.master)}left`;
  const Tags = [
    { Key: "locust-cluster-name", Value: cluster },
    { Key: STATE_TAG, Value: state },
  ];
  const trust = toDocument([
    { Effect: "Allow", Action: "sts:AssumeRole", Principal: { Service: "ec2.amazonaws.com" } },
  ]);
  const AssumeRolePolicyDocument = JSON.stringify(trust);
  await iam.send(new CreateRoleCommand({ RoleName: name, AssumeRolePolicyDocument, Tags }));
  await iam.send(new CreateInstanceProfileCommand({ InstanceProfileName: name, Tags }));
  const given = toDocument([{ Effect: "Allow", Action: "s3:GetObject", Resource: "*" }]);
  const { Policy } = await iam.send(
    new CreatePolicyCommand({ PolicyName: "given", PolicyDocument: JSON.stringify(given) }),
  );
  await iam.send(new AttachRolePolicyCommand({ RoleName: name, PolicyArn: Policy?.Arn }));
}
