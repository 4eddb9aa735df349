import type { Config } from "./schema";

/** All instance types that a cluster may have: the master's, the workers' and those of the fleets. */
export function instanceTypesOf({
  master,
  workers,
  fleets,
}: Pick<Config, "master" | "workers" | "fleets">): readonly string[] {
  const elastic = Object.values(fleets).flatMap(({ instanceTypes }) => instanceTypes);
  return [...new Set([master.instanceType, workers.instanceType, ...elastic])];
}
