import { commandLine } from "../../lib/command-line";
import { loadCluster } from "../../lib/config";
import { UserError } from "../../lib/user-error";
import { checkStateFile } from "../checks/state-file";
import { checkTerraform } from "../checks/terraform";
import { checkCredentials } from "../checks/credentials";
import { countResources } from "../cluster";
import { canAsk, confirm } from "../confirm";
import { EXIT } from "../exit-codes";
import { projectRoot } from "../../lib/project";
import { findClusters } from "../local-clusters";
import { initialize, synthesize } from "../stack";
import { Terminal } from "../terminal";
import { awaitRunning, runTerraform } from "../terraform-run";

export interface DestroyOptions {
  readonly yes?: boolean;
  readonly terraformArg: readonly string[];
}

/**
 * Removes everything, once the runs are safe: Terraform sees to that itself (lib/constructs/results.ts).
 *
 * Needs Terraform and credentials only: no Python, no locustfile, no cache.
 */
export async function destroy(options: DestroyOptions): Promise<number> {
  const terminal = new Terminal();
  const cluster = loadCluster();
  const { name, region, results } = cluster.config;
  await checkTerraform(projectRoot());
  const before = await awaitRunning(name, terminal);
  if (before?.left) return EXIT.interrupted;
  await checkStateFile(cluster.config, terminal, options.yes);
  const { account } = await checkCredentials(region);
  const stack = await synthesize(cluster);
  await initialize(stack);
  if ((await countResources(stack)) === 0) throw nothingToDestroy(name);
  if (!options.yes && !canAsk()) {
    throw new UserError("destroy asks before it removes anything, and nobody can answer here: add --yes");
  }
  if (
    !options.yes &&
    !(await confirm(
      `destroy cluster '${name}' in ${region} of account ${account}, and its bucket${results.keepOnDestroy ? " once its runs are safe" : " with all it holds, runs too"}?`,
    ))
  ) {
    terminal.line("nothing was destroyed");
    return EXIT.ok;
  }
  const { code, left, log } = await runTerraform({
    command: "destroy",
    cluster: name,
    stack,
    extraArgs: options.terraformArg,
    terminal,
  });
  if (left) {
    terminal.line(`interrupted; '${commandLine("destroy")}' removes the rest`);
    return EXIT.interrupted;
  }
  if (code !== 0) {
    terminal.line(terminal.paint("red", `the cluster was not destroyed completely; all output is in ${log}`));
    terminal.line(`mend the error above and run '${commandLine("destroy")}' again`);
    return EXIT.failed;
  }
  terminal.line(terminal.paint("green", `cluster '${name}' is gone`));
  return EXIT.ok;
}

/** "0 destroyed" is no success to somebody who has another cluster in mind. */
function nothingToDestroy(name: string): UserError {
  const others = findClusters().filter((each) => each !== name);
  const here = others.length === 0 ? "no other" : others.join(", ");
  const choose = (other: string): string =>
    commandLine("destroy", { ...process.env, LOCUST_CLUSTER_NAME: other });
  return new UserError(`there is no cluster '${name}' to destroy; deployed from this folder: ${here}`, {
    hint: others[0] && `choose one by its name: ${choose(others[0])}`,
  });
}
