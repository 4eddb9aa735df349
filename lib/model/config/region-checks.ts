import { planAddresses } from "../addresses";
import { overlap, parseCidr } from "../cidr";
import { blockOf, HOME_BLOCK, partitionOf, REGIONS } from "../region-blocks";
import { fleetRegionsOf, otherRegionsOf } from "./fleet-regions";
import { nearest } from "./nearest";
import type { Config } from "./schema";
import type { SettingProblem } from "./setting-problem";

/** Rules between the regions of fleets and other settings. */
export function regionProblems(config: Config): SettingProblem[] {
  const { region: home, regions, machines, network } = config;
  if (regions[home]) {
    const message = `'regions.${home}' must be another region than that of the cluster, whose settings are 'network.cidr' and 'machines.imageId'`;
    return [{ path: ["regions", home], message }];
  }
  const foreign = Object.entries(config.fleets).flatMap(([name, { region = home }]) => {
    if (partitionOf(region) === partitionOf(home)) return [];
    const message = `'fleets.${name}.region' must be in the same partition of AWS as ${home}, the region of the cluster, got "${region}"`;
    return [{ path: ["fleets", name, "region"], message }];
  });
  if (foreign.length > 0) return foreign;
  const missing = otherRegionsOf(config).flatMap((region) => {
    const setting = `'regions.${region}`;
    if (machines.imageId !== undefined && regions[region]?.imageId === undefined) {
      const message = `${setting}.imageId' must name an image in ${region}, since 'machines.imageId' is one in ${home}, got nothing`;
      return [{ path: ["regions", region, "imageId"], message }];
    }
    if (regions[region]?.cidr !== undefined) return [];
    const block = blockOf(region);
    if (block === undefined) return unknownRegion(config, region);
    if (network.cidr === HOME_BLOCK) return [];
    const example = overlap(parseCidr(network.cidr)!, parseCidr(block)!) ? "" : ` such as ${block}`;
    const message = `${setting}.cidr' must be a private IPv4 block${example} that overlaps no other, since 'network.cidr' is ${network.cidr} instead of ${HOME_BLOCK}, got nothing`;
    return [{ path: ["regions", region, "cidr"], message }];
  });
  return missing.length > 0 ? missing : blockProblems(config);
}

function blockProblems(config: Config): SettingProblem[] {
  const { network, regions } = config;
  const given = Object.entries(regions).flatMap(([region, { cidr }]) => (cidr ? [{ region, cidr }] : []));
  const used = fleetRegionsOf(config);
  const all = [...given, ...used.filter(({ region }) => regions[region]?.cidr === undefined)];
  for (const [index, { region, cidr }] of all.entries()) {
    const others = [["network.cidr", network.cidr], ...all.slice(0, index).map(settingOf)] as const;
    const other = others.find(([, block]) => overlap(parseCidr(block)!, parseCidr(cidr)!));
    if (!other) continue;
    const message = `'regions.${region}.cidr' must not overlap '${other[0]}' ${other[1]}, got "${cidr}"`;
    return [{ path: ["regions", region, "cidr"], message }];
  }
  return used.flatMap(({ region, cidr, fleets }) => {
    const path = ["regions", region, "cidr"];
    const plan = planAddresses(cidr, network.zones);
    if (!plan) {
      const message = `'regions.${region}.cidr' is too small for 'network.zones': ${network.zones}, got "${cidr}"; take a larger block or fewer zones`;
      return [{ path, message }];
    }
    const most = Object.values(fleets).reduce((sum, { max }) => sum + max, 0);
    if (most <= plan.workerRoom) return [];
    const message = `'regions.${region}.cidr' ${cidr} over ${network.zones} zones has addresses for ${plan.workerRoom} machines, the 'max' of all fleets there are ${most} together; take a larger block or smaller fleets`;
    return [{ path, message }];
  });
}

/** Misspelt, or opened by AWS since this version: such a one needs a block. */
function unknownRegion({ fleets, region: home }: Config, region: string): SettingProblem[] {
  const [name] = Object.entries(fleets).find(([, fleet]) => fleet.region === region)!;
  const known = REGIONS.filter((each) => partitionOf(each) === partitionOf(home));
  const near = nearest(region, known);
  const meant = near ? ` (did you mean ${near}?)` : "";
  const message = `'fleets.${name}.region' must be an AWS region that this version knows${meant}, or have a private IPv4 block in 'regions.${region}.cidr', got "${region}"`;
  return [{ path: ["fleets", name, "region"], message }];
}

function settingOf({ region, cidr }: { readonly region: string; readonly cidr: string }): [string, string] {
  return [`regions.${region}.cidr`, cidr];
}
