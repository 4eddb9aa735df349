import { instanceTypesOf, testOf, type Cluster } from "./config";
import { environmentName, type EnvironmentInputs } from "./environment-name";
import { architectureOf, type Architecture } from "./instance-type";
import { packageRoot } from "./package-root";

/** What determines the environment of the cluster's machines of one architecture. */
export function environmentInputsOf(cluster: Cluster, architecture: Architecture): EnvironmentInputs {
  const { machines, locust, fleets } = cluster.config;
  return {
    architecture,
    pythonVersion: machines.pythonVersion,
    locustVersion: locust.version,
    packageRoot: packageRoot(),
    testDirectory: testOf(cluster).directory,
    fleets: Object.keys(fleets).length > 0,
  };
}

/** Name of the Python environment for each architecture of the cluster's machines. */
export function environmentsOf(cluster: Cluster): Partial<Record<Architecture, string>> {
  const architectures = instanceTypesOf(cluster.config).map(architectureOf);
  const names = [...new Set(architectures)]
    .sort()
    .map(
      (architecture) => [architecture, environmentName(environmentInputsOf(cluster, architecture))] as const,
    );
  return Object.fromEntries(names);
}
