export type { ClusterSettings } from "./model/cluster-settings";
export { loadCluster, type Cluster, type Config, type LoadClusterOptions } from "./model/config";
export { LocustCluster, type LocustClusterProps } from "./locust-cluster";
export { LocustStack } from "./locust-stack";
export { synthesize } from "./synthesize";
