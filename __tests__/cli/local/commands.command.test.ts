import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { readBundle } from "../../../lib/model/bundle";
import type { ClusterNodes } from "../../../test-runs/master/master-api";
import { StubMaster } from "../../helpers/stub-master";
import { running } from "../../test-runs/recorded-run";
import { answer } from "../recorded-cluster";
import { linkPackages, runCli, StubProject } from "../stub-project";

/** Commands in another terminal than that of a local cluster, whose master is a stub. Nothing is deployed. */
jest.setTimeout(60_000);

const ENDED = `stop it with Ctrl-C in its terminal, or 'kill ${process.pid}'`;

let scratch: string;
let project: StubProject;
let master: StubMaster;

beforeAll(async () => {
  scratch = mkdtempSync(join(tmpdir(), "locust-cluster-local-"));
  await runCli(["--version"]); // compiles, if a source has changed
  project = new StubProject(join(scratch, "project"), linkPackages(scratch));
  master = await StubMaster.start("token");
  const folder = join(project.folder, ".cache", "local");
  mkdirSync(folder, { recursive: true });
  run(folder);
}, 120_000);

/** Writes the state of a cluster that runs. */
function run(folder: string, token = "token"): void {
  const state = { schema: 1, id: "", token, pid: process.pid, url: master.url, workers: 2 };
  writeFileSync(join(folder, "cluster.json"), JSON.stringify(state));
}

beforeEach(() => {
  master.nodes = {
    ...withMaster(answer({ "worker-1": 1 }, 1)),
    target: { hosts: ["http://a"], missing: false },
  };
});

afterAll(() => {
  master.stop();
  rmSync(scratch, { recursive: true });
});

/** Processes of a local cluster have their names for ids. */
function withMaster(told: ClusterNodes): ClusterNodes {
  return { ...told, nodes: told.nodes.map((each) => ({ ...each, instance_id: each.name })) };
}

test("'status' says that the master rejects the token", async () => {
  const folder = join(project.folder, ".cache", "local");
  run(folder, "another");
  const { code, stderr } = await project.run(["status"]);
  run(folder);
  expect(stderr).toMatch(/^the master of the local cluster rejected the token\n/);
  expect(stderr).not.toMatch(/^ +at /m);
  expect(code).toBe(2);
});

test("'status' shows the local cluster, without being told which", async () => {
  master.add({ run: running({ id: "20261121-110432-checkout" }) });
  const { code, stdout, stderr } = await project.run(["status"]);
  expect(stdout).toBe(
    [
      `the local cluster, process ${process.pid}\n`,
      "process   state     connected",
      "master    ready     page answers",
      "worker-1  ready     1 of 1 process",
      "worker-2  starting  0 of 1 process\n",
      "test      00000000, differs from this folder; 'npx locust-cluster push' sends it",
      "target    http://a",
      "run       20261121-110432-checkout",
      "  running  ██████████░░░░░░░░░░  15s of 30s  500 users  1,234.6 req/s  0 failures/s  p95 210 ms\n",
      `page      ${master.url}`,
      `stop      Ctrl-C in its terminal, or 'kill ${process.pid}'\n`,
    ].join("\n"),
  );
  expect(stderr).toBe("\nnot ready: worker-2 not connected to the master\n");
  expect(code).toBe(0);
});

test("'run' warns when the cluster has another test than the folder", async () => {
  master.add({ run: running({ id: "20261121-110432-checkout" }) });
  const warning =
    "warning: the local cluster has test 00000000, not the one in this folder; send it with 'npx locust-cluster push'";
  const old = await project.run(["run", "-u", "1", "--detach"]);
  expect(old.stderr).toMatch(new RegExp(`^${warning}\nrun 20261121-110432-checkout on the local cluster: `));
  expect(old.code).toBe(0);
  const { hash } = readBundle({ packageRoot: project.folder, testDirectory: join(project.folder, "locust") });
  master.nodes = { ...answer({}, 0), bundle: hash };
  expect((await project.run(["run", "-u", "1", "--detach"])).stderr).not.toContain("warning");
});

test("'pull' says of a run that is under way what is missing", async () => {
  const id = "20261121-110432-checkout";
  master.add({ run: running({ id }) });
  const { code, stderr } = await project.run(["pull", id]);
  expect(stderr).toBe(
    `run ${id} is here: runs/${id}\n` +
      `it is under way: report.html and the last figures come at its end; then 'npx locust-cluster pull ${id}' again\n`,
  );
  expect(code).toBe(0);
});

test("'status --wait' waits for all workers", async () => {
  const before = master.asked.length;
  const joining = setInterval(() => {
    if (master.asked.length > before) master.nodes = withMaster(answer({ "worker-1": 1, "worker-2": 1 }, 1));
  }, 50);
  const { code, stdout, stderr } = await project.run(["status", "--wait", "--local"]);
  clearInterval(joining);
  expect(stderr).toContain("worker-2: starting, 0 of 1 process\n");
  expect(stderr).toContain("the local cluster is ready: 2 worker processes connected\n");
  expect(stdout).toBe(`\npage      ${master.url}\n`);
  expect(code).toBe(0);
});

test.each([
  [["run", "-u", "1", "--fleet", "eu=10"]],
  [["run", "-u", "1", "--share", "eu=100%"]],
  [["fleets"]],
  [["scale", "eu", "10"]],
])("%j is refused: a local cluster has no fleets", async (args) => {
  const before = master.asked.length;
  await expect(project.run(args)).resolves.toEqual({
    code: 2,
    stdout: "",
    stderr:
      "a local cluster has no fleets: its workers are set with 'local --workers'\n" +
      "deploy a cluster with fleets to EC2 with 'npx locust-cluster deploy'\n",
  });
  expect(master.asked.length).toBe(before);
});

test("'--cloud' does not say that no local cluster runs", async () => {
  await expect(project.run(["status", "--cloud"])).resolves.toEqual({
    code: 2,
    stdout: "",
    stderr: `no cluster 'locust' found in ${project.folder}\ndeploy one with 'npx locust-cluster deploy'\n`,
  });
});

test("'logs all' shows the logs of all processes of this start, and of no other", async () => {
  const folder = join(project.folder, ".cache", "local");
  for (const name of ["master", "worker-1", "worker-2", "worker-3", "target"])
    writeFileSync(join(folder, `${name}.log`), `line of ${name}\n`);
  project.link("tail", "/usr/bin/tail");
  const { code, stdout } = await project.run(["logs", "all", "-n", "1"]);
  expect(stdout).toBe(
    "master   | line of master\nworker-1 | line of worker-1\nworker-2 | line of worker-2\n",
  );
  expect(code).toBe(0);
  await expect(project.run(["logs", "worker-3"])).resolves.toEqual({
    code: 2,
    stdout: "",
    stderr:
      "the local cluster has no process 'worker-3'\nchoose one of target, master, worker-1, worker-2, or all\n",
  });
});

test.each([
  [["logs", "master"], 130],
  [["logs", "master", "--follow"], 0],
])("%j that is interrupted gives exit code %i", async (args, code) => {
  const slow = join(scratch, "slow");
  mkdirSync(slow, { recursive: true });
  writeFileSync(join(slow, "tail"), "#!/bin/sh\necho waiting\nexec /bin/sleep 30\n", { mode: 0o755 });
  writeFileSync(join(project.folder, ".cache", "local", "master.log"), "");
  const child = project.start(args, { PATH: `${slow}:${project.programs}` });
  await once(child.stdout!, "data");
  child.kill("SIGTERM");
  expect(await once(child, "exit")).toEqual([code, null]);
});

test.each([
  [
    ["ssh"],
    "the local cluster has no machines to log in to: its processes run here\n" +
      "'npx locust-cluster logs worker-1 --local' shows what one of them says\n",
  ],
  [
    ["destroy"],
    "destroy removes a deployed cluster; the local one is still running\n" +
      `${ENDED}; 'npx locust-cluster destroy --cloud' looks for cluster 'locust' on AWS\n`,
  ],
  [["destroy", "--local"], `destroy removes a deployed cluster; the local one is still running\n${ENDED}\n`],
])("%j says what to do instead", async (args, stderr) => {
  await expect(project.run(args)).resolves.toEqual({ code: 2, stdout: "", stderr });
});

test("a command waits for a cluster that is just starting, and no longer than its process lives", async () => {
  const other = new StubProject(join(scratch, "starting"), join(scratch, "node_modules"));
  const folder = join(other.folder, ".cache", "local");
  mkdirSync(folder, { recursive: true });
  writeFileSync(`${folder}.lock`, String(process.pid));
  // Nobody refreshes it here, and a slow start must not make it stale.
  utimesSync(`${folder}.lock`, new Date(), new Date(Date.now() + 60_000));
  const waiting = other.start(["status", "--json"]);
  const text = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"] as const)
    waiting[name]!.setEncoding("utf8").on("data", (chunk: string) => (text[name] += chunk));
  while (!text.stderr.includes("waiting for it")) await sleep(50);
  run(folder);
  expect(await new Promise((resolve) => waiting.once("close", resolve))).toBe(0);
  expect(JSON.parse(text.stdout)).toMatchObject({ cluster: "local", ready: false });
  rmSync(join(folder, "cluster.json"));
  writeFileSync(`${folder}.lock`, "999999999");
  expect((await other.run(["status"])).stderr).toMatch(
    /^no cluster 'locust' found .* and no local cluster is running\n/,
  );
});

test.each([["status"], ["ssh"], ["destroy"]])("'%s --local' says when there is none", async (name) => {
  const other = new StubProject(join(scratch, name), join(scratch, "node_modules"));
  await expect(other.run([name, "--local"])).resolves.toEqual({
    code: 2,
    stdout: "",
    stderr: "no local cluster is running\nstart one in another terminal with 'npx locust-cluster local'\n",
  });
});
