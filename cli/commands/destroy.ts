import { createInterface } from "node:readline/promises";
import { loadCluster } from "../../lib/config";
import { UserError } from "../../lib/user-error";
import { runCdktf } from "../cdktf";
import { checkTerraform } from "../checks/terraform";
import { checkCredentials } from "../checks/credentials";
import { EXIT } from "../exit-codes";
import { projectRoot } from "../../lib/project";
import { Terminal } from "../terminal";

export interface DestroyOptions {
  readonly yes?: boolean;
  readonly cdktfArg: readonly string[];
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
  const { account } = await checkCredentials(region);
  if (
    !options.yes &&
    !(await confirm(
      `destroy cluster '${name}' in ${region} of account ${account}, and its bucket${results.keepOnDestroy ? " once its runs are safe" : " with all it holds, runs too"}?`,
    ))
  ) {
    terminal.line("nothing was destroyed");
    return EXIT.ok;
  }
  const { code, interrupted, log } = await runCdktf({
    command: "destroy",
    stack: name,
    extraArgs: options.cdktfArg,
    environment: cluster.environment,
    terminal,
  });
  if (interrupted) {
    terminal.line("interrupted; run 'npx locust-cluster destroy' again to remove the rest");
    return EXIT.interrupted;
  }
  if (code !== 0) {
    terminal.line(terminal.paint("red", `the cluster was not destroyed completely; all output is in ${log}`));
    terminal.line("mend the error above and run 'npx locust-cluster destroy' again");
    return EXIT.failed;
  }
  terminal.line(terminal.paint("green", `cluster '${name}' is gone`));
  return EXIT.ok;
}

async function confirm(question: string): Promise<boolean> {
  if (!process.stdin.isTTY || !process.stderr.isTTY) {
    throw new UserError("destroy asks before it removes anything, and nobody can answer here: add --yes");
  }
  const dialogue = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return /^y(es)?$/i.test((await dialogue.question(`${question} [y/N] `)).trim());
  } finally {
    dialogue.close();
  }
}
