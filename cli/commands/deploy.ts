import { readFileSync } from "node:fs";
import type { Command } from "commander";
import { loadCluster, otherRegionsOf, warningsFor, type Cluster } from "../../lib/model/config";
import { projectRoot } from "../../lib/model/project";
import { accessNotice } from "../deploy/checks/access-notice";
import { checkCredentials } from "../deploy/checks/caller";
import { quotaProblem, readQuotas } from "../deploy/checks/quota";
import { checkRegions } from "../deploy/checks/regions";
import { checkStateFile } from "../deploy/checks/state-file";
import { checkTerraform } from "../deploy/checks/terraform-version";
import { isStanding, readOutputs } from "../deploy/deployed-cluster";
import { clearAway, explainUnseen, tryToLook, type Place } from "../deploy/leftovers/look";
import { mayRemove } from "../deploy/leftovers/offer";
import { runPreflight } from "../deploy/preflight/preflight";
import { describeChangedTemplates } from "../deploy/terraform/changed-templates";
import { sayFailure, tellFailedDeploy } from "../deploy/terraform/failed-terraform";
import { initialize, writeStack } from "../deploy/terraform/stack";
import { awaitRunning, runTerraform } from "../deploy/terraform/terraform-run";
import { ClusterWatch } from "../machines/cluster-watch";
import { reportWait, type ReportWaitOptions } from "../machines/report";
import { waitForCluster } from "../machines/watch";
import { EXIT } from "../terminal/exit-codes";
import { Terminal } from "../terminal/terminal";
import type { CommandResult } from "./definition/command-result";
import { cdktfArgument, examples, showPassword, terraformArgument, timeout } from "./definition/options";

interface DeployOptions extends ReportWaitOptions {
  readonly wait: boolean;
  readonly terraformArg: readonly string[];
  /** Show every resource. @default false */
  readonly verbose?: boolean;
  /** Remove leftovers of a killed deploy without asking. @default false */
  readonly yes?: boolean;
}

/** Options and action of `locust-cluster deploy`. */
export function define(command: Command, result: CommandResult): void {
  examples(command, [
    "npx locust-cluster deploy",
    "LOCUST_CLUSTER_WORKERS_COUNT=20 npx locust-cluster deploy --timeout 15",
  ])
    .option("--no-wait", "return once the machines exist, without waiting for their boot")
    .addOption(showPassword())
    .option("-y, --yes", "remove leftovers of a killed deploy without asking")
    .addOption(timeout())
    .option("--verbose", "show every resource instead of a count")
    .addOption(terraformArgument())
    .addOption(cdktfArgument())
    .action(async (options: DeployOptions) => {
      result.code = await deploy(options);
    });
}

export async function deploy(options: DeployOptions): Promise<number> {
  const terminal = new Terminal();
  const cluster = loadCluster();
  const before = await awaitRunning(cluster.config.name, terminal, options.verbose);
  if (before?.left) return EXIT.interrupted;
  await checkStateFile(cluster.config, terminal);
  await check(cluster, terminal);
  const stack = await writeStack(cluster);
  await runPreflight(cluster, (line) => {
    terminal.line(line);
  });
  await initialize(stack);
  const place = { config: cluster.config, stack, terminal, terraformArg: options.terraformArg };
  if (!(await clearTheWay(place, options.yes))) {
    terminal.line("nothing was changed");
    return EXIT.usage;
  }
  const code = await apply(cluster, stack, options, terminal);
  if (code !== EXIT.ok) return code;

  const outputs = await readOutputs(cluster);
  if (!options.wait) {
    terminal.line(`the machines boot now; next: ${outputs.next_step}`);
    return EXIT.ok;
  }
  const result = await waitForCluster(new ClusterWatch(outputs), options.timeout * 60_000, terminal);
  return reportWait(result, outputs, options, terminal);
}

/** Reports what is missing before anything is created; cheap checks come first. */
async function check(cluster: Cluster, terminal: Terminal): Promise<void> {
  const { config } = cluster;
  await checkTerraform(projectRoot());
  const { account } = await checkCredentials(config.region);
  terminal.line(`cluster '${config.name}' in ${config.region}, account ${account}`);
  // In a region that is not enabled, the quota would be refused with words about the key.
  await checkRegions(config);
  const regions = [config.region, ...otherRegionsOf(config)];
  const quotasOf = await Promise.all(regions.map((region) => readQuotas(config, region)));
  for (const [index, region] of regions.entries()) {
    const quotas = quotasOf[index]!;
    if ("warning" in quotas) {
      terminal.warn(quotas.warning);
      continue;
    }
    for (const quota of quotas) {
      const problem = quotaProblem(quota, region);
      if (problem) throw problem;
    }
  }
  for (const warning of warningsFor(config)) terminal.warn(warning);
  const notice = accessNotice(config);
  if (notice) terminal.warn(notice);
}

/** Removes leftovers of a killed deploy, which would block this one. False if the user keeps them. */
async function clearTheWay(place: Place, consent: boolean | undefined): Promise<boolean> {
  const { leftovers, unseen } = await tryToLook(place);
  if (unseen.length > 0) place.terminal.warn(explainUnseen(unseen));
  if (leftovers.length === 0) return true;
  const cluster = place.config.name;
  if (!(await mayRemove(leftovers, { cluster, command: "deploy", consent }, place.terminal))) return false;
  await clearAway(leftovers, place);
  return true;
}

async function apply(
  { config }: Cluster,
  stack: string,
  { terraformArg, verbose }: DeployOptions,
  terminal: Terminal,
): Promise<number> {
  const stood = await isStanding(stack);
  const { code, left, locked, log } = await runTerraform({
    command: "deploy",
    cluster: config.name,
    stack,
    extraArgs: terraformArg,
    terminal,
    verbose,
  });
  const interrupted = left !== undefined;
  if (!interrupted && code === 0) {
    for (const sentence of describeChangedTemplates(readFileSync(log, "utf8"))) terminal.line(sentence);
    return EXIT.ok;
  }
  if (!interrupted && locked) throw locked;
  sayFailure(tellFailedDeploy({ cluster: config.name, stood, interrupted, log }), terminal);
  return interrupted ? EXIT.interrupted : EXIT.failed;
}
