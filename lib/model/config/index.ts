export { loadCluster, type Cluster, type LoadClusterOptions } from "./load-cluster";
export { explainForbidden, forbiddenKey, forbiddenOptions } from "./forbidden-options";
export { toVariable } from "./keys";
export type { Config } from "./schema";
export { isFile, locustfilesOf, testOf, type Test } from "./test";
export { warningsFor } from "./warnings";
