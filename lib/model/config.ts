export { loadCluster, type Cluster, type LoadClusterOptions } from "./config/load-cluster";
export {
  explainForbidden,
  forbiddenKey,
  forbiddenOptions,
  type ForbiddenOption,
} from "./config/forbidden-options";
export { CONFIG_VARIABLE, toVariable } from "./config/overrides";
export type { Config } from "./config/schema";
export { isFile, locustfilesOf, testOf, type Test } from "./config/test";
export { warningsFor } from "./config/warnings";
export { architectureOf, isBurstable, type Architecture } from "./instance-type";
