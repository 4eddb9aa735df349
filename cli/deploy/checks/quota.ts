import { DescribeInstanceTypesCommand, EC2Client, type Instance } from "@aws-sdk/client-ec2";
import { GetServiceQuotaCommand, ServiceQuotasClient } from "@aws-sdk/client-service-quotas";
import { explainAwsError } from "../../../aws/aws-errors";
import { awsCredentials } from "../../../aws/credentials";
import { describeInstances } from "../../../aws/describe-instances";
import { MAX_ATTEMPTS } from "../../../aws/max-attempts";
import { type Config, elasticTypesOf, fleetsIn, instanceTypesOf } from "../../../lib/model/config";
import { UserError } from "../../../lib/model/user-error";
import { NAME_TAG } from "../../../protocol/generated/constants";

/** Of the standard families (A, C, D, H, I, M, R, T, Z), in vCPUs. */
const QUOTAS = {
  onDemand: { code: "L-1216C47A", title: "Running On-Demand Standard instances" },
  spot: { code: "L-34B43A08", title: "All Standard Spot Instance Requests" },
} as const;

type Market = keyof typeof QUOTAS;

interface QuotaUse {
  readonly market: Market;
  readonly limit: number;
  /** vCPUs that other instances of the account use. */
  readonly used: number;
  readonly needed: number;
  /** Settings that need them: `workers.count`, `fleets.eu.max`. */
  readonly settings: readonly string[];
}

/**
 * Looks whether the account has room for all vCPUs that the cluster may have in a region. Gives a warning instead when AWS does
 * not tell.
 */
export async function readQuotas(
  config: Config,
  region = config.region,
): Promise<readonly QuotaUse[] | { readonly warning: string }> {
  const here = { ...config, fleets: fleetsIn(config, region) };
  const isHome = region === config.region;
  const quotas = new ServiceQuotasClient({
    region,
    credentials: awsCredentials,
    maxAttempts: MAX_ATTEMPTS,
  });
  const ec2 = new EC2Client({
    region,
    credentials: awsCredentials,
    maxAttempts: MAX_ATTEMPTS,
  });
  try {
    const markets = marketsOf(here, isHome);
    const [limits, used, vcpus] = await Promise.all([
      Promise.all(markets.map((market) => readLimit(quotas, market))),
      readUse(ec2, config.name),
      readVcpus(ec2, isHome ? instanceTypesOf(here) : elasticTypesOf(here)),
    ]);
    const needed = neededVcpus(here, vcpus, isHome);
    return markets.map((market, index) => {
      const settings = settingsOf(here, market, isHome);
      return { market, limit: limits[index]!, used: used[market], needed: needed[market], settings };
    });
  } catch (error) {
    const what = `the vCPU quota${isHome ? "" : ` in ${region}`} was not checked`;
    return { warning: explainAwsError(error, what).message };
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

/**
 * Of a fleet all machines that runs may ask for, of its largest type: which one comes is AWS's choice.
 *
 * @param isHome whether master and workers are there too
 */
export function neededVcpus(
  { master, workers, fleets }: Pick<Config, "master" | "workers" | "fleets">,
  vcpus: ReadonlyMap<string, number>,
  isHome = true,
): Readonly<Record<Market, number>> {
  const of = (type: string) => (isStandard(type) ? (vcpus.get(type) ?? 0) : 0);
  const fixed = isHome ? of(master.instanceType) + workers.count * of(workers.instanceType) : 0;
  const needed = { onDemand: fixed, spot: 0 };
  for (const fleet of Object.values(fleets))
    needed[marketOf(fleet)] += fleet.max * Math.max(...fleet.instanceTypes.map(of));
  return needed;
}

/** The settings that ask for machines of a market: those of the cluster's own workers are at home only. */
export function settingsOf({ fleets }: Pick<Config, "fleets">, market: Market, isHome: boolean): string[] {
  const own = Object.entries(fleets).filter(([, fleet]) => marketOf(fleet) === market);
  const fixed = isHome && market === "onDemand" ? ["'workers.count'"] : [];
  return [...fixed, ...own.map(([name]) => `'fleets.${name}.max'`)];
}

function marketOf({ spot }: { readonly spot: boolean }): Market {
  return spot ? "spot" : "onDemand";
}

/** The quotas that the machines of a region need. */
function marketsOf({ fleets }: Pick<Config, "fleets">, isHome: boolean): readonly Market[] {
  const all = Object.values(fleets).map(marketOf);
  return (["onDemand", "spot"] as const).filter(
    (market) => all.includes(market) || (isHome && market === "onDemand"),
  );
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
