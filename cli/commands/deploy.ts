import { loadCluster, warningsFor, type Cluster } from "../../lib/config";
import { projectRoot } from "../../lib/project";
import { UserError } from "../../lib/user-error";
import { runCdktf } from "../cdktf";
import { accessNotice } from "../checks/access";
import { checkCredentials } from "../checks/credentials";
import { quotaProblem, readQuota } from "../checks/quota";
import { checkTerraform } from "../checks/terraform";
import { readOutputs } from "../cluster";
import { EXIT } from "../exit-codes";
import { prepareCluster } from "../prepare";
import { reportWait } from "../report";
import { Terminal } from "../terminal";
import { waitForCluster } from "../watch";

export interface DeployOptions {
  readonly wait: boolean;
  /** Minutes. */
  readonly timeout: number;
  readonly cdktfArg: readonly string[];
}

export async function deploy(options: DeployOptions): Promise<number> {
  const terminal = new Terminal();
  const cluster = loadCluster();
  await check(cluster, terminal);
  await prepareCluster(cluster, (line) => {
    terminal.line(line);
  });
  const code = await apply(cluster, options, terminal);
  if (code !== EXIT.ok) return code;

  const outputs = await readOutputs(cluster);
  if (!options.wait) {
    terminal.line(`the machines boot now; next: ${outputs.next_step}`);
    return EXIT.ok;
  }
  const result = await waitForCluster(outputs, options.timeout * 60_000, terminal);
  return reportWait(result, outputs, options.timeout, terminal);
}

/** What is missing is said before anything is created, the cheapest first. */
async function check(cluster: Cluster, terminal: Terminal): Promise<void> {
  const { config } = cluster;
  await checkTerraform(projectRoot());
  const { account } = await checkCredentials(config.region);
  terminal.line(`cluster '${config.name}' in ${config.region}, account ${account}`);
  const quota = await readQuota(config);
  if ("warning" in quota) terminal.warn(quota.warning);
  else {
    const problem = quotaProblem(quota, config.region);
    if (problem) {
      throw new UserError(problem, {
        hint: "lower workers.count, choose smaller types, or ask for more: https://console.aws.amazon.com/servicequotas (Running On-Demand Standard instances)",
      });
    }
  }
  for (const warning of warningsFor(config)) terminal.warn(warning);
  const notice = accessNotice(config);
  if (notice) terminal.warn(notice);
}

async function apply(cluster: Cluster, options: DeployOptions, terminal: Terminal): Promise<number> {
  const { name } = cluster.config;
  const { code, interrupted, log } = await runCdktf({
    command: "deploy",
    stack: name,
    extraArgs: options.cdktfArg,
    environment: cluster.environment,
    terminal,
  });
  if (interrupted) {
    terminal.line(
      "interrupted; 'npx locust-cluster deploy' goes on, 'npx locust-cluster destroy' removes what was made",
    );
    return EXIT.interrupted;
  }
  if (code === 0) return EXIT.ok;
  terminal.line(terminal.paint("red", `the deploy did not succeed; all output is in ${log}`));
  terminal.line(
    "'npx locust-cluster deploy' tries again, 'npx locust-cluster destroy' removes what was made",
  );
  return EXIT.failed;
}
