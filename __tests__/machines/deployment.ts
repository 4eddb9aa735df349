import { cpSync, mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { ClusterOutputs } from "../../lib/model/outputs";
import { projectRoot } from "../../lib/model/project";
import { type Finished, SimulatedCluster } from "../../simulator/simulated-cluster";
import { Simulation } from "../../simulator/simulation";
import { makeClone } from "../../tools/trials/clone";
import { makeScratch, removeScratch } from "../../tools/trials/scratch";
import { MasterApi } from "./master-api";
import { report } from "./patience";

/** Two vCPUs each. Users finish their request when a test is stopped: so every request is counted on both sides. */
const CONFIG = `workers: { count: 2, instanceType: c7g.large }
master: { instanceType: t4g.small }
locust: { locustfile: locust/locustfile.py, extraArgs: [--stop-timeout, "2"] }
`;

/** One simulation and the cluster in it, shared by the tests of a file. */
export class Deployment {
  private constructor(
    readonly simulation: Simulation,
    readonly cluster: SimulatedCluster,
    /** The clone that it is deployed from. */
    readonly project: string,
    private readonly scratch: string,
  ) {}

  outputs!: ClusterOutputs;
  master!: MasterApi;

  /** @param config content of its cluster.yaml */
  static async start(config = CONFIG): Promise<Deployment> {
    const simulation = await Simulation.start({ onEvent: (line) => report(`simulator: ${line}`) });
    const scratch = makeScratch();
    const cache = join(projectRoot(), ".cache", "machine-tests");
    mkdirSync(cache, { recursive: true });
    const project = makeClone({ folder: join(scratch, "project"), config, cache });
    rmSync(join(project, "locust"), { recursive: true });
    cpSync(join(__dirname, "shop"), join(project, "locust"), { recursive: true });
    return new Deployment(simulation, new SimulatedCluster({ simulation, project }), project, scratch);
  }

  /** `locust-cluster deploy`, which has to succeed. */
  async deploy(): Promise<Finished> {
    const finished = await this.cluster.deploy((line) => report(line));
    if (finished.code !== 0) throw new Error(`the deploy ended with exit code ${finished.code}`);
    this.outputs = await this.cluster.outputs();
    this.master = new MasterApi(this.outputs);
    return finished;
  }

  /** `locust-cluster` with these arguments, its output as progress. */
  cli(...args: string[]): Promise<Finished> {
    return this.cluster.command(args, (line) => report(line));
  }

  /** Worker processes that are connected, over all machines. */
  async connected(): Promise<number> {
    return Object.values(await this.master.connected()).reduce((sum, count) => sum + count, 0);
  }

  async stop(): Promise<void> {
    await this.simulation.stop();
    removeScratch(this.scratch);
  }
}
