import { readBundle } from "../../lib/model/bundle";
import { loadCluster, testOf, type Cluster } from "../../lib/model/config";
import { packageRoot } from "../../lib/model/package-root";
import { withLocustfiles } from "../local/make-plan";
import type { RunningCluster } from "../local/running-cluster";

/** The cluster as this folder says; of a local one with the test that it was started with. */
export function clusterHere(local: RunningCluster | undefined): Cluster {
  return withLocustfiles(loadCluster(), local?.locustfiles);
}

/** Hash of the bundle as its files are in this folder; nothing where there is no test that could be pushed. */
export function testHere(cluster: Cluster): string | undefined {
  const { directory } = testOf(cluster);
  const { hash, problem } = readBundle({ packageRoot: packageRoot(), testDirectory: directory });
  return problem === undefined ? hash : undefined;
}
