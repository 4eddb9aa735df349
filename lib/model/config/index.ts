export { loadCluster, type Cluster, type LoadClusterOptions } from "./load-cluster";
export { explainForbidden, forbiddenKey, forbiddenOptions } from "./forbidden-options";
export { toVariable } from "./keys";
export type { Config, FleetSettings } from "./schema";
export { fleetRegionsOf, fleetsIn, otherRegionsOf, providerRegions, type FleetRegion } from "./fleet-regions";
export { elasticTypesOf, instanceTypesOf } from "./instance-types";
export { isFile, locustfilesOf, testOf, type Test } from "./test";
export { warningsFor } from "./warnings";
