import { join } from "node:path";
import { CreateBucketCommand } from "@aws-sdk/client-s3";
import { loadCluster, otherRegionsOf } from "../../lib/model/config";
import type { ClusterOutputs } from "../../lib/model/outputs";
import { projectRoot } from "../../lib/model/project";
import { type Finished, SimulatedCluster } from "../../simulator/simulated-cluster";
import type { Simulation } from "../../simulator/simulation";
import { apiOf } from "../../simulator/account/clients";
import { makeClone } from "../../tools/trials/clone";
import { report } from "./patience";

export interface ExampleDeployment {
  readonly cluster: SimulatedCluster;
  readonly deploy: Finished;
  readonly outputs: ClusterOutputs;
}

export interface ExampleOptions {
  readonly simulation: Simulation;
  /** Name of its folder. */
  readonly example: string;
  /** Tells it from the others of the account: two clusters of one account need ranges of their own. */
  readonly index: number;
  readonly scratch: string;
}

/** Deploys an example from a clone of its own, with one worker. */
export async function deployExample(options: ExampleOptions): Promise<ExampleDeployment> {
  const { simulation, example, index, scratch } = options;
  const project = makeClone({
    folder: join(scratch, example),
    config: "",
    cache: join(projectRoot(), ".cache", "machine-tests"),
  });
  const config = join(project, "examples", example, "cluster.yaml");
  const regions = otherRegionsOf(loadCluster({ file: config, env: {} }).config).map(
    (region, other) => [region, { cidr: `10.${180 + index}.${16 * other}.0/20` }] as const,
  );
  const cluster = new SimulatedCluster({
    simulation,
    project,
    config,
    name: `example-${index}`,
    overrides: {
      LOCUST_CLUSTER_WORKERS_COUNT: "1",
      LOCUST_CLUSTER_NETWORK_CIDR: `10.${80 + index}.0.0/16`,
      LOCUST_CLUSTER_REGIONS: JSON.stringify(Object.fromEntries(regions)),
    },
  });
  const { bucket } = cluster.config.state;
  // The one thing that an example asks for beforehand.
  if (bucket) await apiOf(simulation.aws.account).s3.send(new CreateBucketCommand({ Bucket: bucket }));
  const deploy = await cluster.deploy((line) => report(`${example}: ${line}`));
  if (deploy.code !== 0) throw new Error(`the deploy of ${example} ended with exit code ${deploy.code}`);
  return { cluster, deploy, outputs: await cluster.outputs() };
}
