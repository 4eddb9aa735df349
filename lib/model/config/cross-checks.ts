import { planAddresses } from "../addresses";
import type { SettingProblem } from "./problems";
import type { Config } from "./schema";

/** Rules between settings, asked when each of them is right by itself. */
export function crossChecks({ region, machines, network, workers }: Config): SettingProblem[] {
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
  return [];
}
