import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import type { ClusterNodes } from "../../test-runs/master/master-api";
import { makeClone } from "../../tools/trials/clone";
import { freePort } from "../helpers/local-suite";
import { sharedCache } from "../../tools/trials/suite-folder";
import { makeScratch, removeScratch } from "../../tools/trials/scratch";

/** The local cluster as a user has it: a clone, the command line as a process, Locust itself. */
jest.setTimeout(240_000);

const TEST = `from locust import FastHttpUser, constant, task


class Visitor(FastHttpUser):
    wait_time = constant(0.02)

    @task
    def visit(self) -> None:
        self.client.get("/visit")
`;

interface Running {
  readonly process: ChildProcess;
  readonly said: () => string;
  readonly ended: Promise<number | null>;
}

let scratch: string;
let clone: string;
let port: number;
let target: Server;
let visits = 0;
const started: Running[] = [];

beforeAll(async () => {
  scratch = makeScratch();
  clone = makeClone({ folder: join(scratch, "clone"), config: "" });
  mkdirSync(join(sharedCache(), ".venv"), { recursive: true });
  symlinkSync(join(sharedCache(), ".venv"), join(clone, ".venv"));
  mkdirSync(join(scratch, "test"));
  writeFileSync(join(scratch, "test", "visits.py"), TEST);
  target = createServer((_, response) => {
    visits += 1;
    response.end("ok");
  });
  await new Promise<void>((resolve) => target.listen(0, "127.0.0.1", resolve));
  port = await freePort();
});

afterAll(async () => {
  for (const { process, ended } of started) {
    process.kill("SIGTERM");
    await ended;
  }
  target.closeAllConnections();
  target.close();
  removeScratch(scratch);
});

function start(...args: string[]): Running {
  return startIn(clone, port, ...args);
}

function startIn(folder: string, pagePort: number, ...args: string[]): Running {
  const child = spawn("npm", ["start", "--silent", "--", "--port", String(pagePort), ...args], {
    cwd: folder,
    stdio: ["ignore", "ignore", "pipe"],
  });
  let text = "";
  child.stderr.setEncoding("utf8").on("data", (chunk: string) => (text += chunk));
  const ended = new Promise<number | null>((resolve) => child.on("close", resolve));
  const running = { process: child, said: () => stripVTControlCharacters(text), ended };
  started.push(running);
  return running;
}

async function startUntilReady(...args: string[]): Promise<Running> {
  const running = start(...args);
  await until(() => running.said().includes("local cluster is ready") || running.process.exitCode !== null);
  expect(running.said()).toContain("local cluster is ready");
  return running;
}

/** Until it is so; the time limit of the test ends the wait. */
async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, 100));
}

/** Processes that were started out of the clone. */
function processes(): { pid: number; args: string }[] {
  const lines = execFileSync("ps", ["-axww", "-o", "pid=,args="], { encoding: "utf8" }).split("\n");
  return lines
    .filter((line) => line.includes(clone) && !line.includes("ps -axww"))
    .map((line) => ({ pid: Number.parseInt(line), args: line.trim().replace(/^\d+ /, "") }));
}

/** The command line itself; npm stands in front of it. */
function commandLine(): number {
  const state = execFileSync("cat", [join(clone, ".cache", "local", "cluster.json")], { encoding: "utf8" });
  return (JSON.parse(state) as { pid: number }).pid;
}

const page = (path: string, init?: RequestInit) => fetch(`http://127.0.0.1:${port}${path}`, init);

async function nodes(): Promise<ClusterNodes> {
  return (await (await page("/cluster/nodes")).json()) as ClusterNodes;
}

interface Stats {
  readonly state: string;
  readonly stats: readonly {
    readonly name: string;
    readonly num_requests: number;
    readonly num_failures: number;
  }[];
}

async function total(): Promise<Stats["stats"][number]> {
  const { stats } = (await (await page("/stats/requests")).json()) as Stats;
  return stats.at(-1)!;
}

function listeningAddresses(ofPort: number): string[] {
  const rows = execFileSync("ss", ["-Hltn", `sport = :${ofPort}`], { encoding: "utf8" })
    .trim()
    .split("\n");
  return rows.map((row) => row.trim().split(/\s+/)[3] ?? "");
}

describe("a local cluster", () => {
  let cluster: Running;

  beforeAll(async () => {
    const { port: targetPort } = target.address() as AddressInfo;
    const test = join(scratch, "test", "visits.py");
    cluster = await startUntilReady(
      "--workers",
      "2",
      "--host",
      `http://127.0.0.1:${targetPort}`,
      "--locustfile",
      test,
    );
  });

  test("has all its workers when it says so", async () => {
    const { workers_connected, nodes: machines } = await nodes();
    expect(workers_connected).toBe(2);
    expect(machines.map(({ name }) => name)).toEqual(["master", "worker-1", "worker-2"]);
  });

  test("listens on loopback only", () => {
    const master = processes().find(({ args }) => args.includes("--master-bind-port"))!;
    const workerPort = Number(/--master-bind-port (\d+)/.exec(master.args)![1]);
    expect(listeningAddresses(port)).toEqual([`127.0.0.1:${port}`]);
    expect(listeningAddresses(workerPort)).toEqual([`127.0.0.1:${workerPort}`]);
  });

  test("runs a test that is started on its page, and counts every request", async () => {
    const users = 10;
    const form = new URLSearchParams({ user_count: String(users), spawn_rate: "10" });
    expect(await (await page("/swarm", { method: "POST", body: form })).json()).toMatchObject({
      success: true,
    });
    await until(() => visits > 500);
    await page("/stop", { method: "POST" });
    await until(async () => {
      const before = (await total()).num_requests;
      await new Promise((resolve) => setTimeout(resolve, 4000)); // the page keeps its numbers for 2 s, workers report every 3 s
      return (await total()).num_requests === before;
    });
    const { num_requests, num_failures } = await total();
    expect(num_failures).toBe(0);
    // A request that was under way at the stop is the target's but not Locust's.
    expect(num_requests).toBeGreaterThanOrEqual(visits - users);
    expect(num_requests).toBeLessThanOrEqual(visits);
  });

  test("starts a killed worker again", async () => {
    const worker = processes().find(({ args }) => args.includes("--worker"))!;
    process.kill(worker.pid, "SIGKILL");
    await until(() => cluster.said().includes("all workers are connected again"));
    expect(cluster.said()).toMatch(/worker-[12] was ended by SIGKILL; it starts again\n/);
    expect((await nodes()).workers_connected).toBe(2);
  });

  test("is found by a second start, which says where it is", async () => {
    const second = start();
    expect(await second.ended).toBe(2);
    expect(second.said()).toBe(
      `a local cluster is already running: http://127.0.0.1:${port}, process ${commandLine()}\n` +
        `use it, or end it with Ctrl-C in its terminal or 'kill ${commandLine()}'\n`,
    );
  });

  test("ends with Ctrl-C, without a process left", async () => {
    process.kill(commandLine(), "SIGINT");
    expect(await cluster.ended).toBe(0);
    expect(cluster.said()).toContain(`stopped; nothing listens on http://127.0.0.1:${port} any more\n`);
    expect(processes()).toEqual([]);
  });

  test("starts again at once, with the sample and its target, and ends with kill -9 of the command line too", async () => {
    cluster = await startUntilReady("--workers", "1");
    const form = new URLSearchParams({ user_count: "20", spawn_rate: "20" });
    await page("/swarm", { method: "POST", body: form });
    await until(async () => (await total()).num_requests > 50);
    expect((await total()).num_failures).toBe(0);
    process.kill(commandLine(), "SIGKILL");
    await cluster.ended;
    await until(() => processes().length === 0);
  });
});

describe("two local clusters that start together", () => {
  const second = () => join(scratch, "second");

  beforeAll(() => {
    makeClone({ folder: second(), config: "" });
    symlinkSync(join(sharedCache(), ".venv"), join(second(), ".venv"));
  });

  test("do not share a port, and each has its own workers", async () => {
    const pair = [clone, second()].map((folder) => startIn(folder, port, "--workers", "1"));
    await until(() => pair.some(({ process }) => process.exitCode !== null));
    const refused = pair.findIndex(({ process }) => process.exitCode !== null);
    expect(pair[refused]!.said()).toMatch(
      new RegExp(`^port ${port} is in use by process \\d+ \\(.*locust-cluster.*\\): stop it, or choose`, "m"),
    );
    const otherPort = await freePort();
    const other = startIn([clone, second()][refused]!, otherPort, "--workers", "1");
    const both = [pair[1 - refused]!, other];
    await until(() => both.every(({ said }) => said().includes("local cluster is ready")));
    const workers = await Promise.all(
      [port, otherPort].map(async (each) => {
        const answer = await fetch(`http://127.0.0.1:${each}/cluster/nodes`);
        const { nodes: machines } = (await answer.json()) as ClusterNodes;
        return machines.flatMap(({ processes: found }) => found.map(({ pid }) => pid));
      }),
    );
    expect(workers.map(({ length }) => length)).toEqual([1, 1]);
    expect(workers[0]).not.toEqual(workers[1]);
    for (const { process } of both) process.kill("SIGTERM");
    await Promise.all(both.map(({ ended }) => ended));
  });
});

describe("a local cluster does not start", () => {
  const refused = async (running: Running): Promise<string> => {
    expect(await running.ended).toBe(2);
    expect(processes()).toEqual([]);
    return running.said();
  };

  test("when its port is in use, and names the port and the option", async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
    const said = await refused(start());
    await new Promise((resolve) => server.close(resolve));
    expect(said).toContain(`port ${port} is in use by process ${process.pid} (`);
    expect(said).toContain("): stop it, or choose another port with --port\n");
  });

  test("with a test that cannot be loaded, and names the line", async () => {
    writeFileSync(join(scratch, "test", "broken.py"), `import nosuchpackage\n${TEST}`);
    const said = await refused(start("--workers", "1", "--locustfile", join(scratch, "test", "broken.py")));
    expect(said).toMatch(
      /\n(master|worker-1) could not start \(exit code 1\): broken\.py:1: no module named 'nosuchpackage'; add its package to requirements\.txt beside the test, or nosuchpackage\.py to the test's folder\nits whole output is in \.cache\/local\/(master|worker-1)\.log\n$/,
    );
  });
});
