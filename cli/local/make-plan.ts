import { randomBytes } from "node:crypto";
import { availableParallelism } from "node:os";
import { readBundle } from "../../lib/model/bundle";
import { explainForbidden, forbiddenOptions, testOf, type Cluster } from "../../lib/model/config";
import { packageRoot } from "../../lib/model/package-root";
import { projectRoot } from "../../lib/model/project";
import { UserError } from "../../lib/model/user-error";
import { WORKERS_PORT } from "../../protocol/generated/constants";
import type { LocalPlan } from "./local-plan";
import type { Ports } from "./ports";
import { localFolder } from "./running-cluster";

/** Far from the page's port, whose neighbours are what a user chooses for the page of a second cluster. */
const TARGET_PORT = 18_090;

interface LocalChoices {
  /** Worker processes. @default - one per core */
  readonly workers?: number;
  /** Address of the target. @default - `locust.host`, else a sample target */
  readonly host?: string;
  readonly port: number;
  /** Options for Locust of this start. */
  readonly locustArgs: readonly string[];
}

/** The cluster as cluster.yaml says, with another test when one was named, relative to where the user is. */
export function withLocustfiles(
  cluster: Cluster,
  locustfiles: readonly string[] | undefined,
  from = "--locustfile",
): Cluster {
  if (!locustfiles) return cluster;
  const named = withLocust(cluster, { ...cluster.config.locust, locustfile: [...locustfiles] });
  return { ...named, directory: process.cwd(), locustfileFrom: from };
}

/** The cluster with more options for Locust, those of cluster.yaml before them. Throws for one that would break it. */
export function withLocustArgs(cluster: Cluster, args: readonly string[]): Cluster {
  const [forbidden] = forbiddenOptions(args);
  if (forbidden) throw new UserError(explainForbidden(forbidden));
  const { locust } = cluster.config;
  return withLocust(cluster, { ...locust, extraArgs: [...locust.extraArgs, ...args] });
}

function withLocust(cluster: Cluster, locust: Cluster["config"]["locust"]): Cluster {
  return { ...cluster, config: { ...cluster.config, locust } };
}

/** Decides ports, host and number of workers. Throws when the page's port is taken. */
export async function makePlan(cluster: Cluster, choices: LocalChoices, ports: Ports): Promise<LocalPlan> {
  const { config } = cluster;
  const test = testOf(cluster);
  const pagePort = await ports.choose(choices.port, "--port");
  const given = choices.host ?? config.locust.host;
  return {
    id: randomBytes(8).toString("hex"),
    locustArgs: choices.locustArgs,
    token: config.access.login === "custom" ? randomBytes(24).toString("hex") : undefined,
    root: projectRoot(),
    packageRoot: packageRoot(),
    folder: localFolder(),
    config,
    test,
    workers: choices.workers ?? availableParallelism(),
    host: given,
    pagePort,
    // The next ones are taken when these are in use, for nobody has to know them.
    workerPort: await ports.find(WORKERS_PORT),
    targetPort: given ? undefined : await ports.find(TARGET_PORT),
    bundle: readBundle({ packageRoot: packageRoot(), testDirectory: test.directory }).hash,
  };
}
