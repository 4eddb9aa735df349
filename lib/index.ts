export type { ClusterSettings } from "./cluster-settings";
export { loadCluster, type Cluster, type Config, type LoadOptions } from "./config";
export { LocustCluster, type LocustClusterProps } from "./locust-cluster";
export { LocustStack } from "./locust-stack";
export { synthesize } from "./synthesize";
