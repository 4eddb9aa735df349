import { spawn } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { stripVTControlCharacters } from "node:util";
import { type Config, loadCluster } from "../lib/model/config";
import type { ClusterOutputs } from "../lib/model/outputs";
import { adaptToHost } from "./adapt-to-host";
import type { Simulation } from "./simulation";

interface SimulatedClusterOptions {
  readonly simulation: Simulation;
  /** Folder of the project, or of a copy of it. */
  readonly project: string;
  /** Path of cluster.yaml. @default the project's own */
  readonly config?: string;
  /** @default simulated */
  readonly name?: string;
  /** Overrides, e.g. `{ LOCUST_CLUSTER_WORKERS_COUNT: "3" }`. @default {} */
  readonly overrides?: Readonly<Record<string, string>>;
}

export interface Finished {
  readonly code: number | null;
  readonly lines: readonly string[];
}

/** Name of a simulated cluster: never that of a real one, whose state lies in the same folder. */
export const CLUSTER_NAME = "simulated";

/** A cluster in the simulation, with the commands that a user would type. */
export class SimulatedCluster {
  /** Environment of every command. */
  readonly environment: NodeJS.ProcessEnv;
  readonly config: Config;
  readonly name: string;
  /** What is different from cluster.yaml, and why. */
  readonly notices: readonly string[];

  constructor(private readonly options: SimulatedClusterOptions) {
    const { simulation, project, config, overrides = {}, name = CLUSTER_NAME } = options;
    this.name = name;
    const file = config ?? join(project, "cluster.yaml");
    const adapted = adaptToHost(loadCluster({ file, env: overrides }).config);
    this.notices = adapted.notices;
    this.environment = {
      ...simulation.aws.environment,
      ...adapted.overrides,
      ...overrides,
      LOCUST_CLUSTER_NAME: name,
      LOCUST_CLUSTER_CONFIG: file,
    };
    this.config = loadCluster({ file, env: this.environment }).config;
  }

  /** `locust-cluster deploy`, with its output line by line. */
  deploy(onLine?: (line: string) => void, ...args: string[]): Promise<Finished> {
    return this.command(["deploy", ...args], onLine);
  }

  destroy(onLine?: (line: string) => void): Promise<Finished> {
    return this.command(["destroy", "--yes"], onLine);
  }

  async outputs(): Promise<ClusterOutputs> {
    const { lines } = await this.run("terraform", [
      `-chdir=${join(`cdktf.out.${this.name}`, "stacks", this.name)}`,
      ...["output", "-json"],
    ]);
    const outputs = JSON.parse(lines.join("\n")) as Record<string, { value: unknown }>;
    return Object.fromEntries(
      Object.entries(outputs).map(([name, { value }]) => [name, value]),
    ) as unknown as ClusterOutputs;
  }

  /** Any command of the product. */
  command(args: readonly string[], onLine?: (line: string) => void): Promise<Finished> {
    return this.run(process.execPath, [join("bin", "locust-cluster.js"), ...args], onLine);
  }

  /** Changes settings for the commands that follow. */
  override(overrides: Readonly<Record<string, string>>): void {
    Object.assign(this.environment, overrides);
  }

  private run(program: string, args: readonly string[], onLine?: (line: string) => void): Promise<Finished> {
    const child = spawn(program, args, {
      cwd: this.options.project,
      env: this.environment,
      stdio: ["ignore", "pipe", "pipe"],
      // Ctrl-C in the terminal is for the simulator, which ends it in order.
      detached: true,
    });
    const lines: string[] = [];
    for (const stream of [child.stdout, child.stderr]) {
      createInterface({ input: stream }).on("line", (line) => {
        lines.push(stripVTControlCharacters(line));
        onLine?.(line);
      });
    }
    return new Promise((resolve, reject) => {
      child.once("error", reject);
      child.once("close", (code) => resolve({ code, lines }));
    });
  }
}
