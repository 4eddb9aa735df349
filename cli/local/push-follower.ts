import { execFile } from "node:child_process";
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { oneLine } from "../../lib/model/one-line";
import { BUNDLES, LEDGER, MANIFEST_KEY } from "../../protocol/generated/constants";
import type { Manifest } from "../../protocol/generated/manifest";
import type { NodeRecord } from "../../protocol/generated/node-record";
import { ensureVenv } from "../../runtimes/python/ensure-venv";
import { shortHash } from "../../test-runs/formats/format";
import { RunsClient } from "../../test-runs/master/runs-client";
import { isAwaitingWorkers } from "../../test-runs/run/run-api";
import type { Terminal } from "../terminal/terminal";
import type { LocalCluster } from "./cluster";
import { masterClientOptions, nodeNames, processEnvironment, type LocalPlan } from "./local-plan";
import { linkRelease } from "./release";

interface CheckResult {
  readonly reason?: string;
  readonly log?: readonly string[];
}

/**
 * Brings a pushed test to the local cluster, by the rules of the machines (agent/locust_cluster/service/convergence.py): it
 * loads the test as a check, then restarts every process, but never during a run. It refuses a test that does not load.
 */
export class PushFollower {
  private readonly client: RunsClient;
  private readonly wanted: string;
  private readonly release: string;
  private refused = "";

  constructor(
    private readonly plan: LocalPlan,
    private readonly cluster: LocalCluster,
    private readonly terminal: Terminal,
  ) {
    this.client = new RunsClient(masterClientOptions(plan));
    this.wanted = join(plan.folder, "store", MANIFEST_KEY);
    this.release = join(plan.folder, "release");
  }

  /**
   * To be called again and again. Changes over when something was pushed and nothing is in the way; gives the test that
   * the processes are starting with then.
   */
  async look(): Promise<string | undefined> {
    const content = readFileSync(this.wanted, "utf8");
    if (content === this.refused) return undefined;
    // Something else is wanted now, be it what runs already.
    this.forgetRefusal();
    if (content === readFileSync(join(this.release, "current.json"), "utf8")) return undefined;
    if (await this.isBusy()) return undefined;
    const { bundle } = JSON.parse(content) as Manifest;
    const refusal = await this.prepare(bundle, content);
    if (refusal) {
      this.refused = content;
      this.tellRefusal(bundle, refusal);
      this.terminal.line(`refused pushed test ${shortHash(bundle)}: ${oneLine(refusal.reason ?? "")}`);
      return undefined;
    }
    rmSync(this.release, { recursive: true });
    renameSync(this.next, this.release);
    this.terminal.line(`restarting with the pushed test ${shortHash(bundle)}`);
    await this.cluster.restart();
    return bundle;
  }

  private get next(): string {
    return `${this.release}.next`;
  }

  /** A run that waits is none: it may wait for just this. Nobody can tell while the master does not answer. */
  private async isBusy(): Promise<boolean> {
    try {
      const run = await this.client.active();
      return run !== null && !isAwaitingWorkers(run);
    } catch {
      return true;
    }
  }

  /** Lays the release out beside the present one and loads its test. Gives why it cannot be used. */
  private async prepare(hash: string, current: string): Promise<CheckResult | undefined> {
    const { root, packageRoot, folder, config } = this.plan;
    const bundle = join(folder, "bundle", hash);
    const zip = join(folder, "store", BUNDLES, `${hash}.zip`);
    try {
      const script = join(packageRoot, "cli", "local", "check_push.py");
      const python = join(this.release, "venv", "bin", "python");
      const env = { ...process.env, ...processEnvironment(this.plan, "worker-1") };
      await promisify(execFile)(python, [script, "unpack", zip, bundle], { env });
      const venv = await ensureVenv(
        {
          packageRoot,
          projectRoot: root,
          testDirectory: join(bundle, "test"),
          locustVersion: config.locust.version,
          pythonVersion: config.machines.pythonVersion,
        },
        (line) => {
          this.terminal.line(line);
        },
      );
      rmSync(this.next, { recursive: true, force: true });
      linkRelease(this.next, { environment: dirname(dirname(venv.python)), bundle, current });
      const { stdout } = await promisify(execFile)(venv.python, [script, "check", this.next], { env });
      const result = JSON.parse(stdout) as CheckResult;
      return result.reason === undefined ? undefined : result;
    } catch (error) {
      return { reason: (error as Error).message.split("\n")[0], log: [] };
    }
  }

  private forgetRefusal(): void {
    if (this.refused === "") return;
    this.refused = "";
    rmSync(join(this.plan.folder, "store", LEDGER), { recursive: true, force: true });
  }

  /** As the ledger of the machines: `push` reads it there. */
  private tellRefusal(bundle: string, { reason, log }: CheckResult): void {
    const folder = join(this.plan.folder, "store", LEDGER);
    mkdirSync(folder, { recursive: true });
    for (const name of nodeNames(this.plan)) {
      const record: NodeRecord = {
        schema: 1,
        instance_id: name,
        name,
        role: name === "master" ? "master" : "worker",
        state: "ready",
        time: new Date().toISOString(),
        refused: { bundle, reason: reason ?? "", log: log ?? [] },
      };
      writeFileSync(join(folder, `${name}.json`), `${JSON.stringify(record)}\n`);
    }
  }
}
