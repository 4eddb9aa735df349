import { chmodSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { dirname, join } from "node:path";
import { CreateBucketCommand, GetObjectCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import { environmentArchive, environmentName } from "../../lib/model/environment-name";
import { answer, OUTPUTS, record } from "../cli/recorded-cluster";
import { apiOf } from "../../simulator/account/clients";
import { makeClone } from "../../tools/trials/clone";
import { runCommand } from "../../tools/trials/command";
import { describeEmulated } from "../helpers/emulated-suite";
import { run } from "../test-runs/recorded-run";

const BUCKET = "locust-runs-test";
const ON_MASTER = run({ id: "20261121-120000-new" });
const IN_BUCKET = run({ id: "20261121-110000-old", total: null, state: "interrupted", reason: "killed" });
const REPORT = "<html>".padEnd(300_000, "x");

/** The command line against a deployed cluster's bucket and master, while the master is there and when it is gone. */
describeEmulated("runs of a deployed cluster", (suite) => {
  let root: string;
  let master: Server;
  let put: (key: string, body: string) => Promise<unknown>;
  let get: (key: string) => Promise<string>;
  let environment: string;
  /** A machine that does not change over. */
  let lagging = "";

  const current = (bundle: string) => ({
    schema: 1,
    bundle,
    environments: { arm64: environment },
    python: "3.13",
    locust: { version: "2.47.0", locustfile: "locustfile.py", host: null, args: [] },
    login: "generated",
    https: false,
  });

  /** What the machines run: what the bucket names, with one exception. */
  const nodes = async () => {
    const { bundle } = JSON.parse(await get("bundle/current.json")) as { bundle: string };
    const listed = answer({ "worker-1": 2 }).nodes.map((each) => ({
      ...each,
      bundle: each.name === lagging ? "0".repeat(20) : bundle,
      environment,
    }));
    return JSON.stringify({ ...answer({}), nodes: listed });
  };

  beforeAll(async () => {
    const { s3 } = apiOf(suite().aws.account);
    await s3.send(new CreateBucketCommand({ Bucket: BUCKET }));
    put = (Key, Body) => s3.send(new PutObjectCommand({ Bucket: BUCKET, Key, Body }));
    get = async (Key) => {
      const { Body } = await s3.send(new GetObjectCommand({ Bucket: BUCKET, Key }));
      return Body!.transformToString("latin1");
    };
    for (const each of [IN_BUCKET, ON_MASTER]) {
      await put(`runs/${each.id}/run.json`, JSON.stringify(each));
      await put(`runs/${each.id}/report.html`, REPORT);
    }
    await put("runs/20261121-130000-arriving/timeline.csv", "time\n");

    master = createServer((request, response) => {
      void (async () => {
        const body = request.url === "/cluster/nodes" ? await nodes() : answerOf(request.url ?? "");
        response.writeHead(body === undefined ? 404 : 200).end(body);
      })();
    }).listen(0, "127.0.0.1");
    await once(master, "listening");

    root = makeClone({ folder: join(suite().scratch, "runs"), config: "" });
    const { port } = master.address() as AddressInfo;
    const outputs = { ...OUTPUTS, master_url: `http://127.0.0.1:${port}`, bucket: BUCKET };
    const values = Object.fromEntries(Object.entries(outputs).map(([name, value]) => [name, { value }]));
    // What a deploy leaves behind, as far as the outputs are concerned.
    writeFileSync(join(root, "terraform.locust.tfstate"), "{}");
    mkdirSync(join(root, "cdktf.out.locust", "stacks", "locust"), { recursive: true });
    writeFileSync(join(root, "cdktf.out.locust", "stacks", "locust", "cdk.tf.json"), "{}");
    writeFileSync(join(root, "outputs.json"), JSON.stringify(values));
    writeFileSync(join(root, "outputs.sh"), `#!/bin/sh\nexec cat '${join(root, "outputs.json")}'\n`);
    chmodSync(join(root, "outputs.sh"), 0o755);
    // An environment that was built before.
    environment = environmentName({
      architecture: "arm64",
      pythonVersion: "3.13",
      locustVersion: "2.47.0",
      packageRoot: root,
      testDirectory: join(root, "locust"),
    });
    const archive = environmentArchive(root, environment);
    mkdirSync(dirname(archive), { recursive: true });
    writeFileSync(archive, "an archive");
    writeFileSync(archive.replace(".tar.gz", ".lock"), "a lock");
  });

  afterAll(() => {
    master.closeAllConnections();
    master.close();
  });

  const cli = (...args: string[]) =>
    runCommand(process.execPath, [join(root, "bin", "locust-cluster.js"), ...args], {
      cwd: root,
      env: { ...suite().aws.environment, TERRAFORM_BINARY_NAME: join(root, "outputs.sh"), NO_COLOR: "1" },
      timeoutMs: 60_000,
    });

  test("the list holds what the master has; the bucket is asked when everything is wanted", async () => {
    const first = await cli("runs");
    expect([first.code, first.stdout]).toEqual([
      0,
      expect.stringMatching(/20261121-120000-new +passed.* master\n$/),
    ]);
    expect(first.stdout).not.toContain("-old");
    const all = await cli("runs", "--all");
    expect(all.stdout).toMatch(/20261121-110000-old +interrupted.* bucket\n$/);
    // Its run.json has not arrived yet.
    expect(all.stdout).not.toContain("arriving");
  });

  test("pull --all brings home what master and bucket have, and the second time nothing", async () => {
    const first = await cli("pull", "--all");
    expect([first.code, first.output]).toEqual([0, expect.stringContaining("fetched from the bucket")]);
    for (const { id } of [ON_MASTER, IN_BUCKET]) {
      expect(readdirSync(join(root, "runs", id)).sort()).toEqual(["report.html", "run.json"]);
      expect(readFileSync(join(root, "runs", id, "report.html"), "utf8")).toBe(REPORT);
    }
    const second = await cli("pull", "--all", "--json");
    expect(JSON.parse(second.stdout)).toEqual({ pulled: [], failed: [] });
  });

  test("push publishes the test, and hears who runs it", async () => {
    await put("bundle/current.json", JSON.stringify(current("0".repeat(20))));
    const pushed = await cli("push", "--json");
    expect(pushed.code).toBe(0);
    const { bundle, changed } = JSON.parse(pushed.stdout) as { bundle: string; changed: boolean };
    expect(changed).toBe(true);
    expect(JSON.parse(await get("bundle/current.json"))).toEqual(current(bundle));
    expect((await get(`bundle/${bundle}.zip`)).slice(0, 2)).toBe("PK");
    expect(await get(`env/${environment}.tar.gz`)).toBe("an archive");
    expect((await cli("push")).output).toMatch(
      /is already on the cluster\ntest [0-9a-f]{8} runs on all \d+ machines/,
    );
  });

  test("push tells why a machine refused the test", async () => {
    writeFileSync(join(root, "locust", "more.py"), "x = 1\n");
    const { bundle } = JSON.parse((await cli("push", "--json")).stdout) as { bundle: string };
    const refused = { bundle, reason: "the test cannot be loaded: no module named shop", log: ["Traceback"] };
    await put("nodes/i-worker-1.json", JSON.stringify(record("worker-1", { refused })));
    lagging = "worker-1";
    const pushed = await cli("push");
    expect(pushed.code).toBe(3);
    expect(pushed.output).toMatch(
      /worker-1 refused it: the test cannot be loaded: no module named shop\n {4}Traceback/,
    );
    expect(pushed.output).toMatch(/1 of 2 machines run test/);
  });

  test("the bucket answers when the master is gone", async () => {
    master.closeAllConnections();
    master.close();
    rmSync(join(root, "runs"), { recursive: true });
    const listed = await cli("runs");
    expect(listed.code).toBe(0);
    expect(listed.output).toMatch(
      /warning: this list may lack runs: the master of the cluster does not answer/,
    );
    expect(listed.stdout).toMatch(/-new +passed.* bucket\n.*-old +interrupted.* bucket\n$/);
    const gone = await cli("run", "-u", "1");
    expect(gone.code).toBe(2);
    expect(gone.output).toMatch(/the master of cluster 'locust' does not answer/);
  });
});

function answerOf(url: string): string | undefined {
  const files = [
    { name: "report.html", bytes: REPORT.length, modified: "2026-11-21T12:00:00.000Z" },
    { name: "run.json", bytes: JSON.stringify(ON_MASTER).length, modified: "2026-11-21T12:00:00.000Z" },
  ];
  const list = JSON.stringify({ active: null, runs: [ON_MASTER] });
  const answers: Readonly<Record<string, string>> = {
    "/cluster/runs?limit=10000": list,
    "/cluster/runs?limit=1": list,
    [`/cluster/runs/${ON_MASTER.id}`]: JSON.stringify(ON_MASTER),
    [`/cluster/runs/${ON_MASTER.id}/files`]: JSON.stringify({ run: ON_MASTER.id, files }),
    [`/cluster/runs/${ON_MASTER.id}/files/report.html`]: REPORT,
    [`/cluster/runs/${ON_MASTER.id}/files/run.json`]: JSON.stringify(ON_MASTER),
  };
  return answers[url];
}
