import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { ClusterNodes } from "../../test-runs/master/master-api";
import { MasterClient } from "../../test-runs/master/master-client";
import { Guard } from "./guard";
import { masterClientOptions, nodeNames, processEnvironment, type LocalPlan } from "./local-plan";
import { Service, type Exit } from "./service";

export interface Ended extends Exit {
  readonly name: string;
  readonly pid: number | undefined;
  readonly log: string;
}

/** The processes of a local cluster: target, master and workers. */
export class LocalCluster {
  private readonly guard = new Guard();
  private readonly client: MasterClient;
  private readonly target: Service | undefined;
  private readonly locust: Service[];

  constructor(
    private readonly plan: LocalPlan,
    python: string,
    private readonly onEnd: (ended: Ended) => void,
  ) {
    mkdirSync(plan.folder, { recursive: true });
    this.client = new MasterClient(masterClientOptions(plan));
    const server = [join(__dirname, "target-server.js"), String(plan.targetPort)];
    this.target = plan.targetPort ? this.service("target", process.execPath, server, process.env) : undefined;
    this.locust = nodeNames(plan).map((node) =>
      this.service(node, python, ["-m", "locust_cluster.plugin.launch"], {
        ...process.env,
        ...processEnvironment(plan, node),
      }),
    );
  }

  start(): void {
    for (const service of this.all()) service.start();
  }

  /** What the master says; nothing while it does not answer. */
  async nodes(): Promise<ClusterNodes | undefined> {
    return this.client.nodes().catch(() => undefined);
  }

  pids(): Map<string, number | undefined> {
    return new Map(this.locust.map(({ name, pid }) => [name, pid]));
  }

  log(name: string): string {
    return join(this.plan.folder, `${name}.log`);
  }

  /** Restarts Locust's processes with the current release. */
  async restart(): Promise<void> {
    // All end first: a worker that is quick would join the old master, and be sent away by it.
    await Promise.all(this.locust.map((service) => service.stop()));
    for (const service of this.locust) service.start();
  }

  /** Ends every process at the same time. The master also tells its workers to quit. */
  async stop(): Promise<void> {
    await Promise.all(this.all().map((service) => service.stop()));
    this.client.close();
    this.guard.close();
  }

  private all(): Service[] {
    return this.target ? [this.target, ...this.locust] : this.locust;
  }

  private service(name: string, command: string, args: readonly string[], env: NodeJS.ProcessEnv): Service {
    const log = this.log(name);
    const onExit = (_service: Service, pid: number | undefined, exit: Exit) => {
      this.onEnd({ name, pid, log, ...exit });
    };
    return new Service({ name, command, args, env, log, guard: this.guard, onExit });
  }
}
