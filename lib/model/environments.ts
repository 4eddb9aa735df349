import { instanceTypesOf, testOf, type Cluster } from "./config";
import { environmentName } from "./environment-name";
import { architectureOf, type Architecture } from "./instance-type";
import { packageRoot } from "./package-root";

/** Name of the Python environment for each architecture of the cluster's machines. */
export function environmentsOf(cluster: Cluster): Partial<Record<Architecture, string>> {
  const { machines, locust } = cluster.config;
  const architectures = instanceTypesOf(cluster.config).map(architectureOf);
  const names = [...new Set(architectures)].sort().map((architecture) => {
    const name = environmentName({
      architecture,
      pythonVersion: machines.pythonVersion,
      locustVersion: locust.version,
      packageRoot: packageRoot(),
      testDirectory: testOf(cluster).directory,
    });
    return [architecture, name] as const;
  });
  return Object.fromEntries(names);
}
