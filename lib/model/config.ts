export { loadCluster, type Cluster, type LoadOptions } from "./config/load-cluster";
export {
  explainForbidden,
  forbiddenKey,
  forbiddenOptions,
  type ForbiddenOption,
} from "./config/forbidden-options";
export { CONFIG_VARIABLE, toVariable } from "./config/overrides";
export type { Config, FleetSettings } from "./config/schema";
export { instanceTypesOf } from "./config/instance-types";
export { isFile, locustfilesOf, testOf, type Test } from "./config/test";
export { warningsFor } from "./config/warnings";
export { architectureOf, isBurstable, type Architecture } from "./instance-type";
