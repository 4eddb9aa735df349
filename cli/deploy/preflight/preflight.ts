import { readBundle } from "../../../lib/model/bundle";
import { otherRegionsOf, testOf, type Cluster } from "../../../lib/model/config";
import type { Architecture } from "../../../lib/model/instance-type";
import { environmentInputsOf, environmentsOf } from "../../../lib/model/environments";
import { packageRoot } from "../../../lib/model/package-root";
import { projectRoot } from "../../../lib/model/project";
import { shortPath } from "../../../lib/model/short-path";
import { UserError } from "../../../lib/model/user-error";
import { buildEnvironment } from "../../../runtimes/python/build";
import { findPython } from "../../../runtimes/python/python";
import { checkTestFolder, inspectTest, judgeInspection, type Inspection } from "./test-check";

/* oxlint-disable typescript/no-require-imports -- the AWS SDK takes long to load, and is rarely needed here */

/** Checks the test and builds the Python environments of all machines. Throws one sentence before anything is created. */
export async function runPreflight(cluster: Cluster, tell: (line: string) => void): Promise<void> {
  await checkTest(cluster, "machines");
  const { config } = cluster;
  if (config.results.bucket !== undefined) {
    const { checkResultsBucket } =
      require("../checks/results-bucket") as typeof import("../checks/results-bucket");
    await checkResultsBucket(config.results.bucket, { region: config.region, cluster: config.name });
  }
  if (otherRegionsOf(config).length > 0) {
    const { checkRegions } = require("../checks/regions") as typeof import("../checks/regions");
    await checkRegions(config);
  }
  for (const architecture of Object.keys(environmentsOf(cluster)) as Architecture[]) {
    const started = Date.now();
    const { cached, archive } = await buildEnvironment(
      { ...environmentInputsOf(cluster, architecture), projectRoot: projectRoot() },
      (message) => {
        tell(`environment for ${architecture}: ${message}`);
      },
    );
    const seconds = ((Date.now() - started) / 1000).toFixed(1);
    const how = cached ? "is there already" : `built in ${seconds} s: ${shortPath(archive)}`;
    tell(`environment for ${architecture} ${how}`);
  }
}

/**
 * Whether the test can run at all, as far as that shows without running it.
 *
 * @param where it is to run: a local cluster has this computer's Python
 * @throws UserError if it cannot
 */
export async function checkTest(cluster: Cluster, where: "here" | "machines"): Promise<Inspection> {
  const wanted = cluster.config.machines.pythonVersion;
  checkTestFolder(cluster);
  const { problem } = readBundle({ packageRoot: packageRoot(), testDirectory: testOf(cluster).directory });
  if (problem) throw new UserError(problem);
  const python = await findPython({ prefer: wanted });
  const inspection = await inspectTest(cluster, python.executable);
  judgeInspection(inspection, cluster, where === "machines" ? wanted : undefined);
  return inspection;
}
