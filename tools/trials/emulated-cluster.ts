import { join } from "node:path";
import type { ClusterOutputs } from "../../lib/model/outputs";
import type { EmulatedAws } from "../../simulator/account/emulated-aws";
import { type CommandResult, runCommand } from "./command";

/** A change that Terraform plans. */
interface PlannedChange {
  readonly address: string;
  readonly actions: string;
}

interface PlanFile {
  readonly resource_changes?: readonly {
    readonly address: string;
    readonly change: { readonly actions: readonly string[] };
  }[];
}

/** A cluster in a clone of its own, with the commands that a user would type. */
export class EmulatedCluster {
  /** Output folder of the command that the cluster is deployed with: cdktf's own, or `cdktf.out.<name>` of ours. */
  output = "cdktf.out";
  /** Variables for every command from now on, such as LOCUST_CLUSTER_WORKERS_COUNT. */
  readonly env: NodeJS.ProcessEnv = {};

  constructor(
    readonly folder: string,
    readonly name: string,
    private readonly aws: EmulatedAws,
  ) {}

  cdktf(...args: string[]): Promise<CommandResult> {
    return this.run("npx", "cdktf", ...args);
  }

  locustCluster(...args: string[]): Promise<CommandResult> {
    return this.run("node", "bin/locust-cluster.js", ...args);
  }

  tryToDeploy(): Promise<CommandResult> {
    return this.cdktf("deploy", "--auto-approve", "--skip-provider-lock");
  }

  async deploy(): Promise<void> {
    succeeded(await this.tryToDeploy());
  }

  async destroy(): Promise<void> {
    succeeded(await this.cdktf("destroy", "--auto-approve", "--skip-provider-lock"));
  }

  /** What another apply of the synthesized stack would do, outputs included; empty when there is nothing to do. */
  async plan(): Promise<readonly PlannedChange[]> {
    const { code, output } = await this.terraform("plan", "-input=false", "-detailed-exitcode", "-out=plan");
    if (code === 0) return [];
    if (code !== 2) throw new Error(output);
    const { stdout } = succeeded(await this.terraform("show", "-json", "plan"));
    const changes = ((JSON.parse(stdout) as PlanFile).resource_changes ?? [])
      .map(({ address, change }) => ({ address, actions: change.actions.join(", ") }))
      .filter(({ actions }) => actions !== "no-op" && actions !== "read");
    // An output that changes alone is a change too.
    return changes.length > 0 ? changes : [{ address: "outputs", actions: output }];
  }

  /** The plan for what cluster.yaml and the variables say now. */
  async planChanges(): Promise<readonly PlannedChange[]> {
    succeeded(await this.run("node", "bin/synth.js"));
    return this.plan();
  }

  async outputs(): Promise<ClusterOutputs> {
    const { stdout } = succeeded(await this.terraform("output", "-json"));
    const outputs = Object.entries(JSON.parse(stdout) as Record<string, { value: unknown }>);
    return Object.fromEntries(outputs.map(([name, { value }]) => [name, value])) as unknown as ClusterOutputs;
  }

  terraform(...args: string[]): Promise<CommandResult> {
    return this.run("terraform", `-chdir=${join(this.output, "stacks", this.name)}`, ...args);
  }

  run(command: string, ...args: string[]): Promise<CommandResult> {
    return runCommand(command, args, { cwd: this.folder, env: { ...this.aws.environment, ...this.env } });
  }
}

/** The result of a command that must have succeeded; all it printed otherwise. */
export function succeeded(result: CommandResult): CommandResult {
  if (result.code !== 0)
    throw new Error(`exit code ${result.code ?? "none"}:\n${result.output.slice(-6000)}`);
  return result;
}
