import { DescribeInstanceTypesCommand, EC2Client, type Instance } from "@aws-sdk/client-ec2";
import { GetServiceQuotaCommand, ServiceQuotasClient } from "@aws-sdk/client-service-quotas";
import { ANSWER_IN_TIME } from "../../../aws/answer-in-time";
import { explainAwsError, explainElsewhere } from "../../../aws/aws-errors";
import { awsCredentials } from "../../../aws/credentials";
import { describeInstances } from "../../../aws/describe-instances";
import { MAX_ATTEMPTS } from "../../../aws/max-attempts";
import { type Config, fleetsIn } from "../../../lib/model/config";
import { UserError } from "../../../lib/model/user-error";
import { NAME_TAG } from "../../../protocol/generated/constants";

/** Of the standard families (A, C, D, H, I, M, R, T, Z), in vCPUs. */
const QUOTAS = {
  onDemand: { code: "L-1216C47A", title: "Running On-Demand Standard instances" },
  spot: { code: "L-34B43A08", title: "All Standard Spot Instance Requests" },
} as const;

type Market = keyof typeof QUOTAS;

/** Machines that a region must have room for. */
interface Demand {
  readonly market: Market;
  readonly count: number;
  /** Of a fleet several, among which AWS chooses. */
  readonly types: readonly string[];
  /** What can be lowered. The master is one machine. */
  readonly setting?: string;
}

interface QuotaUse {
  readonly market: Market;
  readonly limit: number;
  /** vCPUs that other instances of the account use. */
  readonly used: number;
  readonly needed: number;
  /** Which settings need them. */
  readonly settings: readonly string[];
}

/**
 * Looks whether the account has room for all vCPUs that the cluster may have in a region. Gives a warning instead when AWS does
 * not tell.
 */
export async function readQuotas(
  config: Config,
  region: string,
): Promise<readonly QuotaUse[] | { readonly warning: string }> {
  const demands = demandsIn(config, region);
  const markets = [...new Set(demands.map(({ market }) => market))].sort();
  const quotas = new ServiceQuotasClient({
    region,
    credentials: awsCredentials,
    maxAttempts: MAX_ATTEMPTS,
    requestHandler: ANSWER_IN_TIME,
  });
  const ec2 = new EC2Client({
    region,
    credentials: awsCredentials,
    maxAttempts: MAX_ATTEMPTS,
    requestHandler: ANSWER_IN_TIME,
  });
  try {
    const [limits, used, vcpus] = await Promise.all([
      Promise.all(markets.map((market) => readLimit(quotas, market))),
      readUse(ec2, config.name),
      readVcpus(
        ec2,
        demands.flatMap(({ types }) => types),
      ),
    ]);
    const needed = neededVcpus(demands, vcpus);
    return markets.map((market, index) => {
      const settings = settingsOf(demands, market);
      return { market, limit: limits[index]!, used: used[market], needed: needed[market], settings };
    });
  } catch (error) {
    const explain = region === config.region ? explainAwsError : explainElsewhere;
    return { warning: explain(error, `the vCPU quota in ${region} was not checked`).message };
  } finally {
    quotas.destroy();
    ec2.destroy();
  }
}

/** An error when the cluster does not fit. */
export function quotaProblem(
  { market, limit, used, needed, settings }: QuotaUse,
  region: string,
): UserError | undefined {
  if (used + needed <= limit) return undefined;
  const where = market === "spot" ? " on spot" : "";
  return new UserError(
    `the cluster needs ${needed} vCPUs${where}, but ${used} of the ${limit} that this account may run${where} in ${region} are in use`,
    {
      hint: `lower ${settings.join(" or ")}, choose smaller types, or ask for more in ${region}: https://console.aws.amazon.com/servicequotas (${QUOTAS[market].title})`,
    },
  );
}

/** The quota counts these families only; others, such as G, P, X and Inf, have quotas of their own. */
export function isStandard(instanceType: string): boolean {
  return /^[acdhimrtz][a-z]*\d/.test(instanceType) && !/^(dl|inf|trn|hpc|mac)/.test(instanceType);
}

/** All machines that a region may have at once: master and workers in the cluster's own, and of a fleet all that runs may ask for. */
export function demandsIn(
  config: Pick<Config, "region" | "master" | "workers" | "fleets">,
  region: string,
): Demand[] {
  const { master, workers } = config;
  const fixed: Demand[] = [
    { market: "onDemand", count: 1, types: [master.instanceType] },
    { market: "onDemand", count: workers.count, types: [workers.instanceType], setting: "'workers.count'" },
  ];
  const elastic = Object.entries(fleetsIn(config, region)).map(([name, fleet]): Demand => {
    const { spot, max, instanceTypes: types } = fleet;
    return { market: spot ? "spot" : "onDemand", count: max, types, setting: `'fleets.${name}.max'` };
  });
  return region === config.region ? [...fixed, ...elastic] : elastic;
}

/** The settings that ask for machines of a market. */
export function settingsOf(demands: readonly Demand[], market: Market): string[] {
  return demands.filter((each) => each.market === market).flatMap(({ setting }) => setting ?? []);
}

/** Of a fleet the largest type counts: which one comes is AWS's choice. */
export function neededVcpus(
  demands: readonly Demand[],
  vcpus: ReadonlyMap<string, number>,
): Readonly<Record<Market, number>> {
  const of = (type: string) => (isStandard(type) ? (vcpus.get(type) ?? 0) : 0);
  const needed = { onDemand: 0, spot: 0 };
  for (const { market, count, types } of demands) needed[market] += count * Math.max(...types.map(of));
  return needed;
}

async function readLimit(client: ServiceQuotasClient, market: Market): Promise<number> {
  const { Quota } = await client.send(
    new GetServiceQuotaCommand({ ServiceCode: "ec2", QuotaCode: QUOTAS[market].code }),
  );
  if (Quota?.Value === undefined) throw new UserError("AWS returned no value");
  return Quota.Value;
}

async function readVcpus(client: EC2Client, types: readonly string[]): Promise<Map<string, number>> {
  const names = [...new Set(types)] as never[];
  const { InstanceTypes = [] } = await client.send(
    new DescribeInstanceTypesCommand({ InstanceTypes: names }),
  );
  return new Map(InstanceTypes.map((type) => [String(type.InstanceType), type.VCpuInfo?.DefaultVCpus ?? 0]));
}

async function readUse(client: EC2Client, cluster: string): Promise<Record<Market, number>> {
  const Filters = [{ Name: "instance-state-name", Values: ["pending", "running"] }];
  const used = { onDemand: 0, spot: 0 };
  for (const instance of await describeInstances(client, { Filters })) {
    if (countsForOthers(instance, cluster))
      used[instance.InstanceLifecycle === "spot" ? "spot" : "onDemand"] += vcpusOf(instance);
  }
  return used;
}

/** Machines of this very cluster are replaced or kept by the deploy, not added to. */
function countsForOthers(instance: Instance, cluster: string): boolean {
  const own = instance.Tags?.some(({ Key, Value }) => Key === NAME_TAG && Value === cluster) ?? false;
  return !own && isStandard(instance.InstanceType ?? "");
}

function vcpusOf({ CpuOptions }: Instance): number {
  return (CpuOptions?.CoreCount ?? 0) * (CpuOptions?.ThreadsPerCore ?? 0);
}
