import { commandLine } from "../../lib/model/command-line";
import { unfinishedLocalRun } from "../../test-runs/sources/folder";
import { readClusters } from "../deploy/clusters-here";
import { parseOutputs } from "../deploy/deployed-cluster";
import { isWhole } from "../deploy/terraform/resources";
import { currentRunId } from "../machines/current-run";
import { runningCluster } from "../local/running-cluster";

/* oxlint-disable typescript/no-require-imports -- the config and its zod are only needed where a cluster is deployed */

/** Clusters found on this computer. */
interface FoundClusters {
  /** Page of the local cluster that runs. */
  readonly local: string | undefined;
  /** Its run that is under way. */
  readonly localRun: string | undefined;
  /** Clusters whose state is here. */
  readonly deployed: readonly {
    readonly name: string;
    /** Its current run, if its master answered at once. */
    readonly run: string | undefined;
    /**
     * `whole` has all resources, but no outputs: a destroy began, and failed before it removed anything. `part` is left of a
     * deploy or destroy that ended early.
     */
    readonly extent: "complete" | "whole" | "part";
  }[];
  /** Name of the cluster that commands work on here: that of cluster.yaml. */
  readonly chosen?: string;
}

/** The next sensible step, from the state of things. */
export function nextStep({ local, localRun, deployed, chosen }: FoundClusters): string {
  const both = local !== undefined && deployed.length > 0;
  const steps: string[] = [];
  if (local && localRun) steps.push(underWay(localRun, "the local cluster", both ? " --local" : ""));
  else if (local)
    steps.push(`a local cluster is running: ${start(both ? " --local" : "")}, or open ${local}`);
  for (const { name, run, extent } of deployed) {
    const option = both ? " --cloud" : "";
    // Another cluster than that of cluster.yaml is reached by its name.
    const command = (words: string): string =>
      chosen === undefined || chosen === name
        ? commandLine(words)
        : commandLine(words, { ...process.env, LOCUST_CLUSTER_NAME: name });
    if (extent === "whole")
      steps.push(
        `cluster '${name}' has all its resources but no outputs: bring them back with '${command("deploy")}', or remove it with '${command("destroy")}'`,
      );
    else if (extent === "part")
      steps.push(
        `cluster '${name}' is incomplete, and what remains of it may cost money: complete it with '${command("deploy")}', or remove it with '${command("destroy")}'`,
      );
    else if (run) steps.push(underWay(run, `cluster '${name}'`, option, command));
    else
      steps.push(
        `cluster '${name}' was deployed from here: ${start(option, command)}, see it with '${command("status")}', remove it with '${command("destroy")}'`,
      );
  }
  if (steps.length === 0)
    return `Next: '${commandLine("local")}' starts a cluster on this machine, without AWS and without cost.`;
  return `Next: ${steps.join("\n      ")}`;
}

type CommandLine = (words: string) => string;

function start(option: string, command: CommandLine = commandLine): string {
  return `start a run with '${command(`run${option} -u 20 -r 5 -t 1m`)}'`;
}

function underWay(id: string, cluster: string, option: string, command: CommandLine = commandLine): string {
  return `run ${id} is under way on ${cluster}: watch it with '${command(`attach${option}`)}', end it with '${command(`stop${option}`)}'`;
}

export async function lookAround(): Promise<FoundClusters> {
  const deployed = readClusters();
  const local = runningCluster()?.url;
  return {
    local,
    localRun: local ? unfinishedLocalRun()?.id : undefined,
    deployed: await Promise.all(
      deployed.map(async ({ name, state }) => ({ name, ...(await inspect(state)) })),
    ),
    chosen: deployed.length === 0 ? undefined : chosenName(),
  };
}

/** Undefined if the settings are wrong; the command that needs them will say so. */
function chosenName(): string | undefined {
  const { loadCluster } = require("../../lib/model/config") as typeof import("../../lib/model/config");
  try {
    return loadCluster().config.name;
  } catch {
    return undefined;
  }
}

/** Reads a state and asks its master. */
async function inspect(text: string): Promise<Pick<FoundClusters["deployed"][number], "run" | "extent">> {
  const { outputs = {}, resources = [] } = JSON.parse(text) as State;
  const found = parseOutputs(JSON.stringify(outputs));
  if (!found) {
    const addresses = resources.map(({ type, name }) => `${type}.${name}`);
    return { run: undefined, extent: isWhole(addresses) ? "whole" : "part" };
  }
  return { run: await currentRunId(found), extent: "complete" };
}

interface State {
  readonly outputs?: object;
  readonly resources?: readonly { readonly type: string; readonly name: string }[];
}
