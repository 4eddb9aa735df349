import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import type { ClusterNodes } from "../../test-runs/master/master-api";
import { NpmStart, type Running, until } from "../helpers/npm-start";

jest.setTimeout(240_000);

const TEST = `from locust import FastHttpUser, constant, task


class Visitor(FastHttpUser):
    wait_time = constant(0.02)

    @task
    def visit(self) -> None:
        self.client.get("/visit")
`;

let clone: NpmStart;
let target: Server;
let visits = 0;

beforeAll(async () => {
  clone = await NpmStart.create();
  mkdirSync(join(clone.scratch, "test"));
  writeFileSync(join(clone.scratch, "test", "visits.py"), TEST);
  target = createServer((_, response) => {
    visits += 1;
    response.end("ok");
  });
  await new Promise<void>((resolve) => target.listen(0, "127.0.0.1", resolve));
});

afterAll(async () => {
  await clone.stop();
  target.closeAllConnections();
  target.close();
});

const page = (path: string, init?: RequestInit) => fetch(`http://127.0.0.1:${clone.port}${path}`, init);

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
    const test = join(clone.scratch, "test", "visits.py");
    cluster = await clone.startUntilReady(
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
    const master = clone.processes().find(({ args }) => args.includes("--master-bind-port"))!;
    const workerPort = Number(/--master-bind-port (\d+)/.exec(master.args)![1]);
    expect(listeningAddresses(clone.port)).toEqual([`127.0.0.1:${clone.port}`]);
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
    const worker = clone.processes().find(({ args }) => args.includes("--worker"))!;
    process.kill(worker.pid, "SIGKILL");
    await until(() => cluster.said().includes("all workers are connected again"));
    expect(cluster.said()).toMatch(/worker-[12] was ended by SIGKILL; it starts again\n/);
    expect((await nodes()).workers_connected).toBe(2);
  });

  test("is found by a second start, which says where it is", async () => {
    const second = clone.start();
    expect(await second.ended).toBe(2);
    expect(second.said()).toBe(
      `a local cluster is already running: http://127.0.0.1:${clone.port}, process ${clone.commandLine()}\n` +
        `use it, or end it with Ctrl-C in its terminal or 'kill ${clone.commandLine()}'\n`,
    );
  });

  test("ends with Ctrl-C, without a process left", async () => {
    process.kill(clone.commandLine(), "SIGINT");
    expect(await cluster.ended).toBe(0);
    expect(cluster.said()).toContain(`stopped; nothing listens on http://127.0.0.1:${clone.port} any more\n`);
    expect(clone.processes()).toEqual([]);
  });

  test("starts again at once, with the sample and its target, and ends with kill -9 of the command line too", async () => {
    cluster = await clone.startUntilReady("--workers", "1");
    const form = new URLSearchParams({ user_count: "20", spawn_rate: "20" });
    await page("/swarm", { method: "POST", body: form });
    await until(async () => (await total()).num_requests > 50);
    expect((await total()).num_failures).toBe(0);
    process.kill(clone.commandLine(), "SIGKILL");
    await cluster.ended;
    await until(() => clone.processes().length === 0);
  });
});
