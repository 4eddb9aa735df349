import { DescribeInstancesCommand, EC2Client } from "@aws-sdk/client-ec2";
import { explainAwsError } from "../../aws/aws-errors";
import { awsCredentials } from "../../aws/credentials";
import { MAX_ATTEMPTS } from "../../aws/max-attempts";
import { commandLine } from "../../lib/model/command-line";
import type { NodeOutput } from "../../lib/model/outputs";
import { UserError } from "../../lib/model/user-error";

/** What EC2 knows of a machine at this moment. */
export interface Whereabouts {
  /** `running`, `stopped`, … */
  readonly state: string;
  readonly publicIp: string | undefined;
}

/**
 * The public address of a machine as EC2 knows it: a worker that was stopped and started has another one than the
 * outputs say. The master's is an Elastic IP, and stays.
 *
 * Throws a sentence when the machine cannot be reached, and when EC2 cannot be asked.
 */
export async function findPublicAddress(node: NodeOutput, region: string): Promise<string> {
  if (node.role === "master") return node.public_ip;
  return reachable(node, await findInstance(node.instance_id, region));
}

/** Pure: the address, or why there is none. */
export function reachable({ name, instance_id }: NodeOutput, found: Whereabouts | undefined): string {
  if (!found || found.state === "terminated" || found.state === "shutting-down") {
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

/** Nothing for a machine that EC2 does not know (any more). */
export async function findInstance(id: string, region: string): Promise<Whereabouts | undefined> {
  const client = new EC2Client({ region, credentials: awsCredentials, maxAttempts: MAX_ATTEMPTS });
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
