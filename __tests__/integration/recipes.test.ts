import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { projectRoot } from "../../lib/model/project";
import type { Run } from "../../test-runs/run/run-api";
import { freePort, LocalSuite } from "../helpers/local-suite";

/** The tests of recipes/ as a user runs them, on the local cluster with two workers. */
jest.setTimeout(120_000);

const suite = new LocalSuite();

/** Without requirements, load shape and login they fit one cluster, as Locust's `-f a.py,b.py`. */
const TOGETHER = ["events", "hosts", "messages", "options", "page", "rank", "rows", "worker-index"];
const ALONE = ["grpc", "login", "shape"];

beforeAll(() => {
  suite.makeClone();
});

afterAll(() => suite.stop());

function path(name: string): string {
  return join("recipes", name, "locustfile.py");
}

/** Names of the requests that a run of some seconds has made; it must have passed. */
async function requestsOf(...args: string[]): Promise<string[]> {
  const { code, stdout, stderr } = await suite.run("run", "--json", ...args);
  expect({ code, stderr: code === 0 ? "" : stderr }).toEqual({ code: 0, stderr: "" });
  return (JSON.parse(stdout) as Run).requests.map(({ name }) => name).sort();
}

test("every recipe is run here, and named with what it shows", () => {
  const folders = readdirSync(join(projectRoot(), "recipes"));
  expect(folders.sort()).toEqual([...TOGETHER, ...ALONE].sort());
  for (const name of folders) expect(existsSync(join(projectRoot(), path(name)))).toBe(true);
});

describe("on one cluster", () => {
  const BRIEF = ["-u", "4", "-r", "4", "-t", "4s"];

  beforeAll(() => suite.startCluster("--locustfile", TOGETHER.map(path).join(",")));
  afterAll(() => suite.endCluster());

  test("options: the test gets its own", async () => {
    expect(await requestsOf(...BRIEF, "Tenant", "--", "--tenant", "acme")).toEqual(["home of acme"]);
  });

  test("rows: each user of both workers has one of its own", async () => {
    const users = ["-u", "10", "-r", "10", "-t", "4s"];
    expect(await requestsOf(...users, "Customer")).toHaveLength(10);
  });

  test("rank: no two users of both workers have the same account", async () => {
    const users = ["-u", "12", "-r", "12", "-t", "4s"];
    const names = await requestsOf(...users, "Buyer");
    expect(names).toHaveLength(12);
    // Six of the ten that each worker has, in blocks by their ranks.
    const blocks = names.map((name) => Math.ceil(Number(/home-(\d+)$/.exec(name)![1]) / 10));
    expect(blocks).toEqual([1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 2]);
  });

  test("messages: the workers have dealt the names", async () => {
    expect(await requestsOf(...BRIEF, "Greeter")).toEqual(["ada", "bob", "cleo", "dan"]);
  });

  test("worker-index: each worker has its number", async () => {
    expect(await requestsOf(...BRIEF, "Numbered")).toEqual(["on worker 0", "on worker 1"]);
  });

  test("hosts: each class has its own", async () => {
    const names = await requestsOf(...BRIEF, "ShopCaller", "MirrorCaller");
    expect(names.map((name) => new URL(name.replace("home of ", "")).hostname)).toEqual([
      "127.0.0.1",
      "localhost",
    ]);
  });

  test("events and page: a figure of all workers, and a route of its own", async () => {
    expect(await requestsOf(...BRIEF, "Reader", "Browser")).toEqual(["/", "/search"]);
    expect(await (await fetch(`${suite.page}/busiest`)).json()).toMatch(/^\//);
    await requestsOf("-u", "1", "-t", "1s", "Browser");
    const log = readFileSync(join(suite.root, ".cache", "local", "master.log"), "utf8");
    const told = [...log.matchAll(/all workers together have read (\d+) bytes/g)].map(([, bytes]) =>
      Number(bytes),
    );
    // Each run has its own: Reader was in the one before.
    expect(told.slice(-2)).toEqual([expect.any(Number), 0]);
    expect(told.at(-2)).toBeGreaterThan(0);
  });
});

describe("on a cluster of its own", () => {
  afterEach(() => suite.endCluster());

  test("shape: decides about users and time", async () => {
    await suite.startCluster("--locustfile", path("shape"));
    const refused = await suite.run("run", "-u", "5", "-t", "1m");
    expect(refused.stderr).toContain("which decides about users and time: leave out -u and -t");
    const id = (await suite.run("run", "--detach")).stdout.trim();
    expect(await suite.stateOf(id)).toMatch(/^(waiting|starting|running)$/);
    expect((await suite.run("stop")).code).toBe(0);
  });

  test("login: the page asks for it, the command line does not", async () => {
    suite.env = { LOCUST_CLUSTER_ACCESS_LOGIN: "custom" };
    writeFileSync(join(suite.root, "recipes", "login", "page-password.txt"), "pâté 7\n");
    await suite.startCluster("--locustfile", path("login"));
    const enter = async (password: string) => {
      const body = new URLSearchParams({ password });
      const answer = await fetch(`${suite.page}/colleague`, { method: "POST", body, redirect: "manual" });
      return answer.headers.get("location");
    };
    expect([await enter("guess"), await enter("pâté 7")]).toEqual(["/login", "/"]);
    const page = await fetch(suite.page, { redirect: "manual" });
    expect([page.status, page.headers.get("location")?.startsWith("/login")]).toEqual([302, true]);
    expect(await requestsOf("-u", "1", "-t", "2s")).toEqual(["/"]);
    suite.env = {};
  });

  test("grpc: with a package of its own, and a host without a scheme", async () => {
    await suite.startCluster("--locustfile", path("grpc"));
    const port = await freePort();
    const python = join(suite.root, ".venv", "bin", "python");
    const script = join(suite.root, "recipes", "grpc", "_server.py");
    const server = spawn(python, [script, String(port)], { stdio: ["ignore", "pipe", "inherit"] });
    try {
      await once(server.stdout, "data");
      const names = await requestsOf("-u", "2", "-t", "3s", "-H", `localhost:${port}`);
      expect(names).toEqual(["/shop.Greeter/Hello"]);
    } finally {
      server.kill();
    }
  });
});
