import type { EC2Client } from "@aws-sdk/client-ec2";
import { isAccessDenied, isCredentialProblem } from "../../../aws/aws-errors";
import { describeInstances } from "../../../aws/describe-instances";
import { FLEET_TAG, ROLE_TAG, STATE_TAG } from "../../../protocol/generated/constants";
import { type ByZone, countByZone } from "./silent-zones";

export interface StartedWorkersOptions {
  /** Value of the tag STATE_TAG. */
  readonly state: string;
  readonly instanceType: string;
}

/**
 * Workers of this type that are starting or running; nothing when EC2 is too busy, or could not be reached.
 *
 * Machines of fleets are workers too, but not those that Terraform starts.
 */
export async function countStarted(
  client: EC2Client,
  { state, instanceType }: StartedWorkersOptions,
): Promise<ByZone | undefined> {
  const Filters = [
    { Name: `tag:${STATE_TAG}`, Values: [state] },
    { Name: `tag:${ROLE_TAG}`, Values: ["worker"] },
    { Name: "instance-type", Values: [instanceType] },
    { Name: "instance-state-name", Values: ["pending", "running"] },
  ];
  try {
    const instances = await describeInstances(client, { Filters });
    const workers = instances.filter(({ Tags = [] }) => Tags.every(({ Key }) => Key !== FLEET_TAG));
    return countByZone(workers.map(({ Placement }) => Placement?.AvailabilityZone ?? ""));
  } catch (error) {
    if (isAccessDenied(error) || isCredentialProblem(error)) throw error;
    return undefined;
  }
}
