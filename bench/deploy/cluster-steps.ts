import { join } from "node:path";
import type { EmulatedAws } from "../../simulator/account/emulated-aws";
import { makeClone } from "../../tools/trials/clone";
import { type CommandResult, runCommand } from "../../tools/trials/command";
import { succeeded } from "../../tools/trials/emulated-cluster";
import { sharedCache } from "../../tools/trials/suite-folder";
import { throttledCalls } from "./throttled";

const NAME = "bench";
const LONGEST_MS = 3_600_000;

export interface Measured {
  readonly seconds: number;
  /** Calls that AWS refused meanwhile because there were too many. */
  readonly throttled: number;
}

interface ClusterStepsOptions {
  readonly aws: EmulatedAws;
  /** For the clone, one for each cluster. */
  readonly folder: string;
  /** Lines of cluster.yaml beside the name. */
  readonly settings: string;
  /** Of Terraform. @default - its own, 10 */
  readonly parallelism?: string;
}

/** One cluster in a clone of its own, whose steps are measured. */
export class ClusterSteps {
  private readonly folder: string;
  private readonly aws: EmulatedAws;
  private readonly parallel: readonly string[];

  constructor({ aws, folder, settings, parallelism }: ClusterStepsOptions) {
    this.aws = aws;
    this.folder = makeClone({ folder, config: `name: ${NAME}\n${settings}\n`, cache: sharedCache() });
    this.parallel = parallelism === undefined ? [] : [`-parallelism=${parallelism}`];
  }

  /** Builds the machines' environments, which the first deploy would otherwise do. */
  async prepare(): Promise<void> {
    await this.run("node", join("bin", "locust-cluster.js"), "prepare");
  }

  deploy(): Promise<Measured> {
    return this.measure(() => this.ours("deploy", "--no-wait"));
  }

  /** With -detailed-exitcode a plan that is not empty fails. */
  plan(): Promise<Measured> {
    return this.measure(() => this.terraform("plan", "-detailed-exitcode", ...this.parallel));
  }

  destroy(): Promise<Measured> {
    return this.measure(() => this.ours("destroy", "--yes"));
  }

  /** Number of resources in the state. */
  async resources(): Promise<number> {
    const { stdout } = await this.terraform("state", "list");
    return stdout.split("\n").filter((line) => line !== "" && !line.startsWith("data.")).length;
  }

  private async measure(run: () => Promise<unknown>): Promise<Measured> {
    const { account } = this.aws;
    const before = throttledCalls(account);
    const begin = performance.now();
    await run();
    const seconds = (performance.now() - begin) / 1000;
    return { seconds, throttled: throttledCalls(account) - before };
  }

  private ours(...args: string[]): Promise<CommandResult> {
    const options = this.parallel.map((option) => `--terraform-arg=${option}`);
    return this.run("node", join("bin", "locust-cluster.js"), ...args, ...options);
  }

  private terraform(...args: string[]): Promise<CommandResult> {
    return this.run("terraform", `-chdir=${join(`cdktf.out.${NAME}`, "stacks", NAME)}`, ...args);
  }

  private async run(command: string, ...args: string[]): Promise<CommandResult> {
    const { environment: env } = this.aws;
    return succeeded(await runCommand(command, args, { cwd: this.folder, env, timeoutMs: LONGEST_MS }));
  }
}
