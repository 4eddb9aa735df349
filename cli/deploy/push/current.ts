import { commandLine } from "../../../lib/model/command-line";
import { testOf, type Cluster } from "../../../lib/model/config";
import { toPushedManifest } from "../../../lib/model/manifest";
import { UserError } from "../../../lib/model/user-error";
import type { Manifest } from "../../../protocol/generated/manifest";

interface PushedContents {
  readonly bundle: string;
  readonly environments: Readonly<Record<string, string | undefined>>;
}

/** The manifest for the machines after a push. Throws for a change that only a deploy can make. */
export function nextCurrent(
  current: Manifest,
  cluster: Cluster,
  { bundle, environments }: PushedContents,
): Manifest {
  const { machines } = cluster.config;
  if (machines.pythonVersion !== current.python)
    throw needsDeploy("machines.pythonVersion", machines.pythonVersion, current.python);
  const names = Object.keys(current.environments).map((architecture) => {
    const name = environments[architecture];
    if (!name) throw needsDeploy("instanceType", Object.keys(environments).join(", "), architecture);
    return [architecture, name] as const;
  });
  return toPushedManifest(current, {
    config: cluster.config,
    test: testOf(cluster),
    bundle,
    environments: Object.fromEntries(names),
  });
}

function needsDeploy(setting: string, wanted: string, running: string): UserError {
  return new UserError(`'${setting}' asks for ${wanted}, but the machines have ${running}`, {
    hint: `push changes only the test: use '${commandLine("deploy")}'`,
  });
}
