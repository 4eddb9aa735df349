/**
 * Requests per second through the local cluster against bare Locust, on the same cores in the same run.
 *
 * Both load the same server on loopback with the same test, by turns; the server counts. Both stand all the time, the
 * one idle while the other works, and the order changes with each pair, so that whatever else the machine does meets
 * both alike. The medians are compared. Usage: npm run bench:local
 */
import { type ChildProcess, fork, spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Ports } from "../cli/local/ports";
import { loadCluster, testOf } from "../lib/model/config";
import { packageRoot } from "../lib/model/package-root";
import { projectRoot } from "../lib/model/project";
import { ensureVenv } from "../runtimes/python/ensure-venv";

const PAIRS = 5;
const USERS = 50;
const WARM_UP_MS = 3000;
const MEASURED_MS = 15_000;
const SETTLE_MS = 1500;
const TARGET_RATIO = 0.98;
/** One core is left to the server that is loaded. */
const WORKERS = Math.max(1, availableParallelism() - 1);

const TEST = `from locust import FastHttpUser, constant, task


class Visitor(FastHttpUser):
    wait_time = constant(0)

    @task
    def visit(self) -> None:
        self.client.get("/")
`;

type Start = (place: Place) => ChildProcess[];

interface Place {
  readonly folder: string;
  readonly host: string;
  readonly python: string;
  readonly port: number;
  readonly workerPort: number;
}

/** Locust as its documentation says: a master and workers, nothing of ours. */
const startBare: Start = ({ folder, host, python, port, workerPort }) => {
  const locust = (...args: string[]) =>
    spawn(python, ["-m", "locust", "-f", join(folder, "test.py"), ...args], { cwd: folder, stdio: "ignore" });
  const bind = ["--master-bind-host", "127.0.0.1", "--master-bind-port", String(workerPort)];
  const master = locust(
    "--master",
    ...bind,
    "--web-host",
    "127.0.0.1",
    "--web-port",
    String(port),
    "--host",
    host,
  );
  const membership = ["--worker", "--master-host", "127.0.0.1", "--master-port", String(workerPort)];
  return [master, ...Array.from({ length: WORKERS }, () => locust(...membership))];
};

const startCluster: Start = ({ folder, host, port }) => {
  const program = join(projectRoot(), "bin", "locust-cluster.js");
  const options = ["--workers", String(WORKERS), "--host", host, "--port", String(port)];
  return [
    spawn(process.execPath, [program, "local", "--locustfile", join(folder, "test.py"), ...options], {
      stdio: "ignore",
    }),
  ];
};

/** One turn: requests per second that the server counted. */
async function measure(port: number, served: () => Promise<number>): Promise<number> {
  const page = `http://127.0.0.1:${port}`;
  const body = new URLSearchParams({ user_count: String(USERS), spawn_rate: String(USERS) });
  await fetch(`${page}/swarm`, { method: "POST", body });
  await sleep(WARM_UP_MS);
  const [before, begin] = [await served(), performance.now()];
  await sleep(MEASURED_MS);
  const [after, end] = [await served(), performance.now()];
  await fetch(`${page}/stop`, { method: "POST" });
  await sleep(SETTLE_MS);
  return (after - before) / ((end - begin) / 1000);
}

async function untilConnected(port: number): Promise<void> {
  for (const deadline = Date.now() + 60_000; Date.now() < deadline; await sleep(200)) {
    const answer = await fetch(`http://127.0.0.1:${port}/stats/requests`).catch(() => undefined);
    const stats = answer?.ok ? ((await answer.json()) as { worker_count?: number }) : undefined;
    if (stats?.worker_count === WORKERS) return;
  }
  throw new Error(`${WORKERS} workers did not connect within 60 s`);
}

/** Released again: the cluster that is started with it holds it itself. */
async function freePort(preferred: number): Promise<number> {
  const ports = new Ports();
  const port = await ports.find(preferred);
  ports.release();
  return port;
}

async function main(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "locust-cluster-bench-"));
  writeFileSync(join(folder, "test.py"), TEST);
  const { config } = loadCluster();
  const { python } = await ensureVenv(
    {
      packageRoot: packageRoot(),
      projectRoot: projectRoot(),
      testDirectory: testOf(loadCluster()).directory,
      locustVersion: config.locust.version,
    },
    (line) => process.stderr.write(`${line}\n`),
  );
  const server = fork(__filename, ["serve"]);
  const ask = () =>
    new Promise<number>((resolve) =>
      server.once("message", resolve as (value: unknown) => void).send("count"),
    );
  const host = `http://127.0.0.1:${await ask().then((count) => -count)}`;
  const rates = { bare: [] as number[], cluster: [] as number[] };
  const processes: ChildProcess[] = [];
  try {
    const place = async (): Promise<Place> => ({
      folder,
      host,
      python,
      port: await freePort(18089 + processes.length),
      workerPort: await freePort(15557 + processes.length),
    });
    const ports = { bare: 0, cluster: 0 };
    for (const [name, start] of [["bare", startBare] as const, ["cluster", startCluster] as const]) {
      const here = await place();
      ports[name] = here.port;
      processes.push(...start(here));
      await untilConnected(here.port);
    }
    for (let pair = 1; pair <= PAIRS; pair += 1) {
      const order = pair % 2 === 1 ? (["bare", "cluster"] as const) : (["cluster", "bare"] as const);
      for (const name of order) rates[name].push(await measure(ports[name], ask));
      const [bare, cluster] = [rates.bare.at(-1)!, rates.cluster.at(-1)!];
      process.stderr.write(`pair ${pair}: bare ${bare.toFixed(0)}/s, cluster ${cluster.toFixed(0)}/s\n`);
    }
  } finally {
    const ended = processes.map((child) => new Promise((resolve) => child.on("exit", resolve)));
    for (const child of processes) child.kill("SIGTERM");
    await Promise.all(ended);
    server.kill();
    rmSync(folder, { recursive: true, force: true });
  }
  const [bare, cluster] = [median(rates.bare), median(rates.cluster)];
  const ratio = cluster / bare;
  process.stdout.write(
    `bare Locust    ${bare.toFixed(0)} requests/s (median of ${PAIRS})\n` +
      `local cluster  ${cluster.toFixed(0)} requests/s (median of ${PAIRS})\n` +
      `ratio          ${ratio.toFixed(3)} (target: at least ${TARGET_RATIO}), ${WORKERS} worker(s), ${USERS} users, ${MEASURED_MS / 1000} s each\n`,
  );
  if (ratio < TARGET_RATIO) process.exitCode = 1;
}

function median(values: readonly number[]): number {
  return [...values].sort((left, right) => left - right)[Math.floor(values.length / 2)]!;
}

/** The server that is loaded, in a process of its own. It tells its port first (negative), then what it has served. */
function serve(): void {
  let count = 0;
  const server = createServer((_, response) => {
    count += 1;
    response.end("ok");
  });
  server.keepAliveTimeout = 60_000;
  server.listen(0, "127.0.0.1");
  process.on("message", () =>
    process.send?.(count === 0 ? -(server.address() as { port: number }).port : count),
  );
  process.on("disconnect", () => process.exit());
}

if (process.argv[2] === "serve") serve();
else void main();
