export { loadCluster, type Cluster, type LoadClusterOptions } from "./load-cluster";
export { explainForbidden, forbiddenKey, forbiddenOptions, type ForbiddenOption } from "./forbidden-options";
export { CONFIG_VARIABLE, toVariable } from "./keys";
export type { Config } from "./schema";
export { isFile, locustfilesOf, testOf, type Test } from "./test";
export { warningsFor } from "./warnings";
export { architectureOf, isBurstable, type Architecture } from "../instance-type";
