import type { Config } from "./schema";

/** All instance types that a cluster may have: the master's, the workers' and those of the fleets. */
export function instanceTypesOf({
  master,
  workers,
  fleets,
}: Pick<Config, "master" | "workers" | "fleets">): readonly string[] {
  return [...new Set([master.instanceType, workers.instanceType, ...elasticTypesOf({ fleets })])];
}

/** Those of the fleets. */
export function elasticTypesOf({ fleets }: Pick<Config, "fleets">): readonly string[] {
  return [...new Set(Object.values(fleets).flatMap(({ instanceTypes }) => instanceTypes))];
}
