import { FIXED_WORKERS } from "../../../protocol/generated/constants";
import { planAddresses } from "../addresses";
import type { Config } from "./schema";

/** One thing that is wrong with cluster.yaml. */
export interface SettingProblem {
  readonly path: readonly PropertyKey[];
  /** One sentence with the key, the allowed values and the given one. */
  readonly message: string;
}

/** Rules between settings, asked when each of them is right by itself. */
export function crossChecks(config: Config): SettingProblem[] {
  const { region, machines, network, workers } = config;
  // Debian publishes its parameters in the commercial regions only (wiki.debian.org/Cloud/AmazonEC2Image).
  if (/^(cn|us-gov)-/.test(region) && machines.imageId === undefined) {
    const message = `'machines.imageId' must name an image in ${region}, where AWS has no parameter for Debian's, got nothing`;
    return [{ path: ["machines", "imageId"], message }];
  }
  const plan = planAddresses(network.cidr, network.zones);
  if (!plan) {
    const message = `'network.cidr' is too small for 'network.zones': ${network.zones}, got "${network.cidr}"; take a larger block or fewer zones`;
    return [{ path: ["network", "cidr"], message }];
  }
  if (workers.count > plan.workerRoom) {
    const message = `'network.cidr' ${network.cidr} over ${network.zones} zones has addresses for ${plan.workerRoom} workers, 'workers.count' is ${workers.count}; take a larger block`;
    return [{ path: ["network", "cidr"], message }];
  }
  return [...fleetProblems(config, plan.workerRoom), ...shareProblems(config)];
}

/** Fleets that are not there. One without machines may get some with a run. */
function shareProblems({ fleets, shares }: Config): SettingProblem[] {
  const known = [...Object.keys(fleets), FIXED_WORKERS];
  return Object.entries(shares)
    .filter(([name]) => !known.includes(name))
    .map(([name, share]) => ({
      path: ["shares", name],
      message: `'shares.${name}' must be the share of one of ${known.join(", ")}, got "${share}" for '${name}', which is no fleet`,
    }));
}

/**
 * Rules between fleets and other settings.
 *
 * @param room machines beside the master that find an address
 */
function fleetProblems({ region, network, workers, fleets }: Config, room: number): SettingProblem[] {
  const entries = Object.entries(fleets);
  const abroad = entries.filter(([, fleet]) => fleet.region !== undefined && fleet.region !== region);
  if (abroad.length > 0) {
    return abroad.map(([name, fleet]) => ({
      path: ["fleets", name, "region"],
      message: `'fleets.${name}.region' must be ${region}, the region of the cluster: fleets elsewhere are not possible yet, got "${fleet.region}"`,
    }));
  }
  const most = entries.reduce((sum, [, { max }]) => sum + max, workers.count);
  if (entries.length === 0 || most <= room) return [];
  const message = `'network.cidr' ${network.cidr} over ${network.zones} zones has addresses for ${room} machines beside the master, 'workers.count' and the 'max' of all fleets are ${most} together; take a larger block or smaller fleets`;
  return [{ path: ["network", "cidr"], message }];
}
