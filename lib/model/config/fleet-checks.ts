import type { Problem } from "./problems";
import type { Config } from "./schema";

/**
 * Rules between fleets and other settings.
 *
 * @param room machines beside the master that find an address
 */
export function fleetProblems({ region, network, workers, fleets }: Config, room: number): Problem[] {
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
