import { type EC2Client, type Instance, paginateDescribeInstances } from "@aws-sdk/client-ec2";

/**
 * All instances that EC2 finds, from all pages.
 *
 * @param abortSignal gives up
 * @throws what the AWS SDK throws
 */
export async function describeInstances(
  client: EC2Client,
  input: Parameters<typeof paginateDescribeInstances>[1],
  abortSignal?: AbortSignal,
): Promise<Instance[]> {
  const found: Instance[] = [];
  for await (const { Reservations = [] } of paginateDescribeInstances({ client }, input, { abortSignal }))
    found.push(...Reservations.flatMap(({ Instances = [] }) => Instances));
  return found;
}
