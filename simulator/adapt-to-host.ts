import type { Config, FleetSettings } from "../lib/model/config";
import { hostType } from "./instance-types";

/** More machines than this on one host would only wait for each other. */
const MOST_MACHINES = 3;

interface Adapted {
  /** Variables for the commands. */
  readonly overrides: Readonly<Record<string, string>>;
  /** What is different from cluster.yaml. */
  readonly notices: readonly string[];
}

/** What is played, what cluster.yaml says, and what to say if they differ. */
type Comparison = readonly [played: string | number, wanted: string | number, notice: string];

/**
 * What a host can play of a cluster: its own architecture, and a few machines.
 *
 * @param host as Node names its architecture
 */
export function adaptToHost(
  { master, workers, fleets }: Pick<Config, "master" | "workers" | "fleets">,
  host: string = process.arch,
): Adapted {
  const masterType = hostType(master.instanceType, host);
  const workerType = hostType(workers.instanceType, host);
  const count = Math.min(workers.count, MOST_MACHINES);
  const adapted = Object.entries(fleets).map(([name, fleet]) => [name, adaptFleet(fleet, host)] as const);
  const comparisons: readonly Comparison[] = [
    [masterType, master.instanceType, `the master is a ${masterType} instead of a ${master.instanceType}`],
    [workerType, workers.instanceType, `workers are ${workerType} instead of ${workers.instanceType}`],
    [count, workers.count, `${count} workers instead of ${workers.count}`],
    ...adapted.flatMap(([name, fleet]) => compareFleets(name, fleet, fleets[name]!)),
  ];
  return {
    overrides: {
      LOCUST_CLUSTER_MASTER_INSTANCE_TYPE: masterType,
      LOCUST_CLUSTER_WORKERS_INSTANCE_TYPE: workerType,
      LOCUST_CLUSTER_WORKERS_COUNT: String(count),
      ...(adapted.length > 0 && { LOCUST_CLUSTER_FLEETS: JSON.stringify(Object.fromEntries(adapted)) }),
    },
    notices: comparisons.filter(([played, wanted]) => played !== wanted).map(([, , notice]) => notice),
  };
}

function adaptFleet(fleet: FleetSettings, host: string): FleetSettings {
  // Two types may have the same counterpart.
  const instanceTypes = [...new Set(fleet.instanceTypes.map((type) => hostType(type, host)))];
  const max = Math.min(fleet.max, MOST_MACHINES);
  return { ...fleet, instanceTypes, max, size: Math.min(fleet.size, max) };
}

function compareFleets(name: string, played: FleetSettings, wanted: FleetSettings): Comparison[] {
  const types = played.instanceTypes.join(", ");
  const wantedTypes = wanted.instanceTypes.join(", ");
  return [
    [types, wantedTypes, `fleet ${name} has ${types} instead of ${wantedTypes}`],
    [played.max, wanted.max, `at most ${played.max} machines in fleet ${name} instead of ${wanted.max}`],
  ];
}
