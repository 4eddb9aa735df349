import { DescribeInstancesCommand, EC2Client } from "@aws-sdk/client-ec2";
import { ANSWER_IN_TIME } from "../../aws/answer-in-time";
import { explainAwsError } from "../../aws/aws-errors";
import { awsCredentials } from "../../aws/credentials";
import { describeInstances } from "../../aws/describe-instances";
import { MAX_ATTEMPTS } from "../../aws/max-attempts";
import { commandLine } from "../../lib/model/command-line";
import { UserError } from "../../lib/model/user-error";
import type { Member } from "./members";

/** What EC2 knows of a machine at this moment. */
interface Whereabouts {
  /** `running`, `stopped`, … */
  readonly state: string;
  readonly publicIp: string | undefined;
}

/** A machine that somebody wants to reach. */
export type Reachable = Pick<Member, "name" | "role" | "instance_id" | "public_ip"> & {
  /** @default - that of the cluster */
  readonly region?: string | null;
};

/**
 * The public address of a machine as EC2 knows it: a worker that was stopped and started has another one than the
 * outputs say.
 *
 * Throws a sentence when the machine cannot be reached, and when EC2 cannot be asked.
 */
export async function findPublicAddress(node: Reachable, region: string): Promise<string> {
  return reachable(node, await findInstance(node.instance_id, region));
}

/**
 * Pure.
 *
 * @throws UserError that says why there is no address
 */
export function reachable({ name, instance_id }: Reachable, found: Whereabouts | undefined): string {
  if (!found || isGone(found.state)) {
    throw new UserError(`${name} (${instance_id}) is gone`, {
      hint: `'${commandLine("deploy")}' creates a new one`,
    });
  }
  if (found.state === "stopped" || found.state === "stopping") {
    throw new UserError(`${name} (${instance_id}) is ${found.state}`, {
      hint: `start it with 'aws ec2 start-instances --instance-ids ${instance_id}'`,
    });
  }
  if (found.publicIp === undefined) throw new UserError(`${name} (${instance_id}) has no public address yet`);
  return found.publicIp;
}

/** EC2 takes so many values for a filter (EC2 API reference, DescribeInstances). */
const FILTER_VALUES = 200;

/**
 * Those of these instances that EC2 still has, running or not.
 *
 * @param signal gives up
 * @throws what the AWS SDK throws
 */
export async function existingInstances(
  ids: readonly string[],
  region: string,
  signal?: AbortSignal,
): Promise<string[]> {
  const client = ec2In(region);
  const found: string[] = [];
  try {
    for (let start = 0; start < ids.length; start += FILTER_VALUES) {
      // A filter, since an id that EC2 has forgotten would fail the whole call.
      const Filters = [{ Name: "instance-id", Values: ids.slice(start, start + FILTER_VALUES) }];
      for (const { InstanceId, State } of await describeInstances(client, { Filters }, signal))
        if (InstanceId && !isGone(State?.Name)) found.push(InstanceId);
    }
    return found;
  } finally {
    client.destroy();
  }
}

function ec2In(region: string): EC2Client {
  return new EC2Client({
    region,
    credentials: awsCredentials,
    maxAttempts: MAX_ATTEMPTS,
    requestHandler: ANSWER_IN_TIME,
  });
}

function isGone(state: string | undefined): boolean {
  return state === "terminated" || state === "shutting-down";
}

/** Nothing for a machine that EC2 does not know (any more). */
export async function findInstance(id: string, region: string): Promise<Whereabouts | undefined> {
  const client = ec2In(region);
  try {
    const { Reservations = [] } = await client.send(new DescribeInstancesCommand({ InstanceIds: [id] }));
    const instance = Reservations[0]?.Instances?.[0];
    return instance && { state: String(instance.State?.Name), publicIp: instance.PublicIpAddress };
  } catch (error) {
    if ((error as { name?: string }).name === "InvalidInstanceID.NotFound") return undefined;
    throw explainAwsError(error, "EC2 could not be asked for the machine's address");
  } finally {
    client.destroy();
  }
}
