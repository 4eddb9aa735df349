import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { projectRoot } from "../../lib/model/project";
import { makeClone } from "../../tools/trials/clone";
import { makeScratch, removeScratch } from "../../tools/trials/scratch";

/** A test of 20 requests a second by each user; what else it does is asked for by a tag. */
export const LOCUSTFILE = `
import os
from locust import FastHttpUser, constant, tag, task

class Visitor(FastHttpUser):
    host = os.environ["CLUSTER_SAMPLE_TARGET"]
    wait_time = constant(0.05)

    @tag("good")
    @task
    def home(self):
        self.client.get("/")

    @tag("raises")
    @task
    def raises(self):
        raise RuntimeError("the test is broken")
`;

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A local cluster in a clone of its own, and its command line as child processes. */
export class LocalSuite {
  readonly scratch = makeScratch();
  readonly root = join(this.scratch, "clone");
  cluster!: ChildProcess;
  page = "";
  /** Further variables for what is started. */
  env: NodeJS.ProcessEnv = {};
  private readonly children = new Set<ChildProcess>();

  /** Starts master and two workers on free ports. */
  async start(locustfile: string): Promise<void> {
    this.makeClone();
    this.writeTest(locustfile);
    await this.startCluster();
  }

  makeClone(): void {
    makeClone({ folder: this.root, config: "" });
    execFileSync("cp", ["-a", join(projectRoot(), ".venv"), join(this.root, ".venv")]);
  }

  async startCluster(...options: string[]): Promise<void> {
    const port = await freePort();
    this.page = `http://127.0.0.1:${port}`;
    this.cluster = this.begin("local", "--workers", "2", "--port", String(port), ...options);
    await untilSaid(this.cluster, /is ready/);
  }

  async endCluster(): Promise<void> {
    if (this.cluster.exitCode !== null) return;
    this.cluster.kill("SIGINT");
    await once(this.cluster, "exit");
  }

  /** Ends everything. Nothing may listen any more. */
  async stop(): Promise<void> {
    for (const child of this.children) if (child !== this.cluster) child.kill("SIGKILL");
    await this.endCluster();
    removeScratch(this.scratch);
    await expect(fetch(this.page)).rejects.toThrow();
  }

  writeTest(locustfile: string): void {
    writeFileSync(join(this.root, "locust", "locustfile.py"), locustfile);
  }

  begin(...args: string[]): ChildProcess {
    const env = { ...process.env, NO_COLOR: "1", GITHUB_STEP_SUMMARY: "", ...this.env };
    const program = join(this.root, "bin", "locust-cluster.js");
    const child = spawn(process.execPath, [program, ...args], {
      cwd: this.root,
      env,
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.children.add(child);
    child.once("exit", () => this.children.delete(child));
    return child;
  }

  run(...args: string[]): Promise<Ended> {
    return end(this.begin(...args));
  }

  async stateOf(id: string): Promise<string> {
    const answer = await fetch(`${this.page}/cluster/runs/${id}`);
    return ((await answer.json()) as { state: string }).state;
  }
}

export async function end(child: ChildProcess): Promise<Ended> {
  const texts = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"] as const)
    child[name]!.setEncoding("utf8").on("data", (text: string) => (texts[name] += text));
  const [code] = (await once(child, "close")) as [number | null];
  return { code, ...texts };
}

/** What stderr said until a line matches. */
export async function untilSaid(child: ChildProcess, pattern: RegExp): Promise<string> {
  let text = "";
  for await (const piece of child.stderr!.setEncoding("utf8").iterator({ destroyOnReturn: false })) {
    text += piece as string;
    if (pattern.test(text)) return text;
  }
  throw new Error(`ended without ${pattern}: ${text}`);
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  return port;
}
