import { DescribeInstanceTypesCommand, EC2Client, type Instance } from "@aws-sdk/client-ec2";
import { GetServiceQuotaCommand, ServiceQuotasClient } from "@aws-sdk/client-service-quotas";
import { explainAwsError } from "../../../aws/aws-errors";
import { awsCredentials } from "../../../aws/credentials";
import { describeInstances } from "../../../aws/describe-instances";
import { MAX_ATTEMPTS } from "../../../aws/max-attempts";
import type { Config } from "../../../lib/model/config";
import { NAME_TAG } from "../../../protocol/generated/constants";

/** "Running On-Demand Standard (A, C, D, H, I, M, R, T, Z) instances", in vCPUs. */
const STANDARD_QUOTA = "L-1216C47A";

interface QuotaUse {
  readonly limit: number;
  /** vCPUs that other instances of the account use. */
  readonly used: number;
  readonly needed: number;
}

/** Looks whether the account has room for the cluster's vCPUs. Gives a warning instead when AWS does not tell. */
export async function readQuota(config: Config): Promise<QuotaUse | { readonly warning: string }> {
  const quotas = new ServiceQuotasClient({
    region: config.region,
    credentials: awsCredentials,
    maxAttempts: MAX_ATTEMPTS,
  });
  const ec2 = new EC2Client({
    region: config.region,
    credentials: awsCredentials,
    maxAttempts: MAX_ATTEMPTS,
  });
  try {
    const [quota, used, vcpus] = await Promise.all([
      quotas.send(new GetServiceQuotaCommand({ ServiceCode: "ec2", QuotaCode: STANDARD_QUOTA })),
      readUse(ec2, config.name),
      readVcpus(ec2, [config.master.instanceType, config.workers.instanceType]),
    ]);
    const limit = quota.Quota?.Value;
    if (limit === undefined) return { warning: "the vCPU quota was not checked: AWS returned no value" };
    return { limit, used, needed: neededVcpus(config, vcpus) };
  } catch (error) {
    return { warning: explainAwsError(error, "the vCPU quota was not checked").message };
  } finally {
    quotas.destroy();
    ec2.destroy();
  }
}

/** A sentence when the cluster does not fit. */
export function quotaProblem({ limit, used, needed }: QuotaUse, region: string): string | undefined {
  if (used + needed <= limit) return undefined;
  return `the cluster needs ${needed} vCPUs, but ${used} of the ${limit} that this account may run in ${region} are in use`;
}

/** The quota counts these families only; others, such as G, P, X and Inf, have quotas of their own. */
export function isStandard(instanceType: string): boolean {
  return /^[acdhimrtz][a-z]*\d/.test(instanceType) && !/^(dl|inf|trn|hpc|mac)/.test(instanceType);
}

export function neededVcpus(
  { master, workers }: Pick<Config, "master" | "workers">,
  vcpus: ReadonlyMap<string, number>,
): number {
  const of = (type: string) => (isStandard(type) ? (vcpus.get(type) ?? 0) : 0);
  return of(master.instanceType) + workers.count * of(workers.instanceType);
}

async function readVcpus(client: EC2Client, types: readonly string[]): Promise<Map<string, number>> {
  const names = [...new Set(types)] as never[];
  const { InstanceTypes = [] } = await client.send(
    new DescribeInstanceTypesCommand({ InstanceTypes: names }),
  );
  return new Map(InstanceTypes.map((type) => [String(type.InstanceType), type.VCpuInfo?.DefaultVCpus ?? 0]));
}

async function readUse(client: EC2Client, cluster: string): Promise<number> {
  const Filters = [{ Name: "instance-state-name", Values: ["pending", "running"] }];
  const instances = await describeInstances(client, { Filters });
  return instances
    .filter((instance) => countsForOthers(instance, cluster))
    .reduce((sum, instance) => sum + vcpusOf(instance), 0);
}

/** Machines of this very cluster are replaced or kept by the deploy, not added to. Spot has a quota of its own. */
function countsForOthers(instance: Instance, cluster: string): boolean {
  const own = instance.Tags?.some(({ Key, Value }) => Key === NAME_TAG && Value === cluster) ?? false;
  return !own && instance.InstanceLifecycle !== "spot" && isStandard(instance.InstanceType ?? "");
}

function vcpusOf({ CpuOptions }: Instance): number {
  return (CpuOptions?.CoreCount ?? 0) * (CpuOptions?.ThreadsPerCore ?? 0);
}
