import { FIXED_WORKERS } from "../../../protocol/generated/constants";
import { planAddresses } from "../addresses";
import { fleetsIn } from "./fleet-regions";
import { regionProblems } from "./region-checks";
import type { Config } from "./schema";
import type { SettingProblem } from "./setting-problem";

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
  const problems = regionProblems(config);
  const rooms = problems.length > 0 ? problems : roomProblems(config, plan.workerRoom);
  return [...rooms, ...shareProblems(config)];
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
 * The fleets of the cluster's own region, beside its workers.
 *
 * @param room machines beside the master that find an address
 */
function roomProblems(config: Config, room: number): SettingProblem[] {
  const { region, network, workers } = config;
  const fleets = Object.values(fleetsIn(config, region));
  const most = fleets.reduce((sum, { max }) => sum + max, workers.count);
  if (fleets.length === 0 || most <= room) return [];
  const whose =
    fleets.length === Object.keys(config.fleets).length ? "all fleets" : `all fleets in ${region}`;
  const message = `'network.cidr' ${network.cidr} over ${network.zones} zones has addresses for ${room} machines beside the master, 'workers.count' and the 'max' of ${whose} are ${most} together; take a larger block or smaller fleets`;
  return [{ path: ["network", "cidr"], message }];
}
