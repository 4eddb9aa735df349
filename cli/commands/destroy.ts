import type { Command } from "commander";
import { commandLine } from "../../lib/model/command-line";
import { loadCluster, type Config } from "../../lib/model/config";
import { projectRoot } from "../../lib/model/project";
import { UserError } from "../../lib/model/user-error";
import { noLocalCluster, type ClusterChoice } from "../cluster/chosen-cluster";
import { checkCredentials } from "../deploy/checks/caller";
import { checkStateFile } from "../deploy/checks/state-file";
import { checkTerraform } from "../deploy/checks/terraform-version";
import { findClusters } from "../deploy/clusters-here";
import { presentOutputs } from "../deploy/deployed-cluster";
import {
  clearAway,
  explainUnseen,
  lookForLeftovers,
  NotLookedError,
  tryToLook,
  type Place,
} from "../deploy/leftovers/look";
import { listLeftovers, mayRemove } from "../deploy/leftovers/offer";
import { hasHistory } from "../deploy/leftovers/read-knowledge";
import { sayFailure, tellFailedDestroy } from "../deploy/terraform/failed-terraform";
import { listResources } from "../deploy/terraform/resources";
import { initialize, writeStack } from "../deploy/terraform/stack";
import { forceUnlock } from "../deploy/terraform/state-lock";
import { findRunning } from "../deploy/terraform/terraform-record";
import { awaitRunning, runTerraform } from "../deploy/terraform/terraform-run";
import { currentRunId } from "../machines/current-run";
import { runningCluster } from "../local/running-cluster";
import { canAsk, confirm } from "../terminal/confirm";
import { EXIT } from "../terminal/exit-codes";
import { Terminal } from "../terminal/terminal";
import type { CommandResult } from "./definition/command-result";
import { cdktfArgument, examples, terraformArgument, deployedCluster } from "./definition/options";

interface DestroyOptions extends ClusterChoice {
  /** @default false */
  readonly yes?: boolean;
  /** First removes the lock that a killed Terraform has left on the state. @default false */
  readonly forceUnlock?: boolean;
  readonly terraformArg: readonly string[];
  /** Show every resource. @default false */
  readonly verbose?: boolean;
}

/** Options and action of `locust-cluster destroy`. */
export function define(command: Command, result: CommandResult): void {
  examples(deployedCluster(command), ["npx locust-cluster destroy", "npx locust-cluster destroy --yes"])
    .option("-y, --yes", "do not ask")
    .option("--force-unlock", "first remove the lock that a killed deploy left on a state in S3")
    .option("--verbose", "show every resource instead of a count")
    .addOption(terraformArgument())
    .addOption(cdktfArgument())
    .action(async (options: DestroyOptions) => {
      result.code = await destroy(options);
    });
}

/**
 * Removes everything, once the runs are safe: Terraform sees to that itself (lib/constructs/results.ts).
 *
 * Needs Terraform and credentials only: no Python, no locustfile, no cache.
 *
 * @throws UserError if there is nothing to destroy here, nobody can confirm, or the state cannot be read
 */
export async function destroy(options: DestroyOptions): Promise<number> {
  const terminal = new Terminal();
  const cluster = loadCluster();
  const { name, region, results } = cluster.config;
  refuseLocal(cluster.config, options);
  await checkTerraform(projectRoot());
  const before = await awaitRunning(name, terminal, options.verbose);
  if (before?.left) return EXIT.interrupted;
  await checkStateFile(cluster.config, terminal, options.yes);
  const { account } = await checkCredentials(region);
  const stack = await writeStack(cluster);
  await initialize(stack);
  if (options.forceUnlock) await forceUnlock(stack, terminal);
  const place = { config: cluster.config, stack, terminal, terraformArg: options.terraformArg };
  const resources = await listResources(stack);
  const isDeployed = resources.length > 0;
  // Without a state only the account can tell whether there is anything.
  const { leftovers, unseen } = await (isDeployed ? tryToLook(place) : lookForLeftovers(place));
  if (!isDeployed && leftovers.length === 0)
    throw unseen.length > 0 ? new NotLookedError({ message: explainUnseen(unseen) }) : nothingToDestroy(name);
  if (leftovers.length > 0) terminal.line(listLeftovers(leftovers, name));
  if (!options.yes && !canAsk()) {
    throw new UserError("destroy needs a confirmation, and this is no interactive terminal: add --yes");
  }
  const bucket = results.keepOnDestroy
    ? "once its runs are safe"
    : "with everything in it, including the runs";
  const all = isDeployed ? `, and its bucket ${bucket}` : " (only the resources above are left)";
  const question = `destroy cluster '${name}' in ${region} of account ${account}${all}?`;
  if (!options.yes && !(await confirm(`${isDeployed ? await endingRun(stack) : ""}${question}`))) {
    terminal.line("nothing was destroyed");
    return EXIT.usage;
  }
  // First, because Terraform would wait twenty minutes for a subnet that an unknown machine uses.
  if (leftovers.length > 0) await clearAway(leftovers, place);
  const code = isDeployed ? await destroyKnown(place, options, resources.length) : EXIT.ok;
  if (code !== EXIT.ok) return code;
  if (!(await clearRest(place, options))) return EXIT.failed;
  terminal.line(terminal.paint("green", `cluster '${name}' is gone`));
  return EXIT.ok;
}

/** Begin of the question when a run is under way. */
async function endingRun(stack: string): Promise<string> {
  const outputs = await presentOutputs(stack);
  const run = outputs && (await currentRunId(outputs));
  return run === undefined ? "" : `end run ${run}, which is under way, and `;
}

/** What Terraform's state holds: so many resources. */
async function destroyKnown(
  { config, stack, terminal }: Place,
  { terraformArg, verbose }: DestroyOptions,
  before: number,
): Promise<number> {
  const { code, left, locked, log } = await runTerraform({
    command: "destroy",
    cluster: config.name,
    stack,
    extraArgs: terraformArg,
    terminal,
    verbose,
  });
  if (left === "hung up") return EXIT.interrupted;
  if (!left && code === 0) return EXIT.ok;
  if (!left && locked) throw locked;
  const isUntouched = (await listResources(stack)).length === before;
  const hasOutputs = (await presentOutputs(stack)) !== undefined;
  const interrupted = left !== undefined;
  sayFailure(tellFailedDestroy({ isUntouched, hasOutputs, interrupted, log }), terminal);
  return interrupted ? EXIT.interrupted : EXIT.failed;
}

/** The last look, before "gone" is said. False when something is to stay. */
async function clearRest(place: Place, { yes }: DestroyOptions): Promise<boolean> {
  const { leftovers: rest, unseen } = await lookForLeftovers(place);
  if (unseen.length > 0) place.terminal.warn(explainUnseen(unseen));
  if (rest.length === 0) return true;
  const cluster = place.config.name;
  if (!(await mayRemove(rest, { cluster, command: "destroy", consent: yes }, place.terminal))) {
    place.terminal.line(`not removed; they may cost money. To remove them: '${commandLine("destroy")}'`);
    return false;
  }
  await clearAway(rest, place);
  return true;
}

/** Nothing was ever deployed from here, or the local cluster was named: AWS need not be asked. */
function refuseLocal(config: Config, { local: isNamed, cloud }: ClusterChoice): void {
  const local = cloud ? undefined : runningCluster();
  if (isNamed && !local) throw noLocalCluster();
  if (!local || (!isNamed && (hasHistory(config) || findRunning(config.name)))) return;
  const other = isNamed
    ? ""
    : `; '${commandLine("destroy --cloud")}' looks for cluster '${config.name}' on AWS`;
  throw new UserError("destroy removes a deployed cluster; the local one is still running", {
    hint: `stop it with Ctrl-C in its terminal, or 'kill ${local.pid}'${other}`,
  });
}

/** "0 destroyed" is no success to somebody who has another cluster in mind. */
export function nothingToDestroy(name: string): UserError {
  const others = findClusters().filter((each) => each !== name);
  const here = others.length === 0 ? "no other" : others.join(", ");
  const choose = (other: string): string =>
    commandLine("destroy", { ...process.env, LOCUST_CLUSTER_NAME: other });
  return new UserError(`cluster '${name}' is not deployed from this folder; deployed here: ${here}`, {
    hint: others[0] && `choose one by its name: ${choose(others[0])}`,
  });
}
