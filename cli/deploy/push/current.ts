import { commandLine } from "../../../lib/model/command-line";
import { testOf, type Cluster } from "../../../lib/model/config";
import { UserError } from "../../../lib/model/user-error";

/** `bundle/current.json`: what the machines are to run (docs/store.md). */
export interface CurrentDocument {
  readonly schema: 1;
  readonly bundle: string;
  /** Name of the Python environment for each architecture; none in a local cluster. */
  readonly environments: Readonly<Record<string, string>>;
  readonly python: string;
  readonly locust: {
    readonly version: string;
    /** As Locust's `-f`: several with commas between them. */
    readonly locustfile: string;
    readonly host: string | null;
    readonly args: readonly string[];
  };
  readonly login: string;
  readonly https: boolean;
}

export interface PushedContents {
  readonly bundle: string;
  readonly environments: Readonly<Record<string, string | undefined>>;
}

/**
 * The manifest for the machines after a push: the test and how Locust starts. Everything else stays as deployed.
 *
 * The keys stay in the order in which `deploy` writes them, so that a deploy of the same test finds nothing to change.
 */
export function nextCurrent(
  current: CurrentDocument,
  cluster: Cluster,
  { bundle, environments }: PushedContents,
): CurrentDocument {
  const { locust, machines } = cluster.config;
  if (machines.pythonVersion !== current.python)
    throw needsDeploy("machines.pythonVersion", machines.pythonVersion, current.python);
  const names = Object.keys(current.environments).map((architecture) => {
    const name = environments[architecture];
    if (!name) throw needsDeploy("instanceType", Object.keys(environments).join(", "), architecture);
    return [architecture, name] as const;
  });
  return {
    ...current,
    bundle,
    environments: Object.fromEntries(names),
    locust: {
      version: locust.version,
      locustfile: testOf(cluster).locustfiles.join(","),
      // A local cluster tests its own sample server, or what its --host named.
      host: names.length === 0 ? current.locust.host : (locust.host ?? null),
      args: locust.extraArgs,
    },
  };
}

function needsDeploy(setting: string, wanted: string, running: string): UserError {
  return new UserError(`'${setting}' asks for ${wanted}, but the machines have ${running}`, {
    hint: `push changes only the test: use '${commandLine("deploy")}'`,
  });
}
