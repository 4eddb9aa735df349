import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { NodeRecord } from "../../cli/machines/ledger";
import type { Run } from "../../test-runs/run/run-api";
import { StubMaster } from "../helpers/stub-master";
import { request, run, running, verdict } from "../test-runs/recorded-run";
import { OUTPUTS, record } from "./recorded-cluster";
import { linkPackages, runCli, StubProject } from "./stub-project";
import { HOSTILE_TEXT, OBEYED } from "./terminal/hostile-text";

/** Every command that shows what others wrote, with text of theirs that would do harm. */
jest.setTimeout(60_000);

const BEFORE = "20261121-110432-checkout";
const AFTER = "20261122-110432-checkout";
const ACTIVE = "20261123-110432-checkout";

const WORDS: Partial<Run> = {
  reason: HOSTILE_TEXT,
  passed: false,
  requests: [{ ...request(HOSTILE_TEXT), method: "" }],
  verdicts: [verdict("p95 < 300ms", false, HOSTILE_TEXT)],
  labels: { commit: HOSTILE_TEXT },
};

let scratch: string;
let project: StubProject;
let master: StubMaster;
let bucket: Server;
let env: NodeJS.ProcessEnv;

beforeAll(async () => {
  await runCli(["--version"]); // compiles, if a source has changed
  scratch = mkdtempSync(join(tmpdir(), "locust-cluster-hostile-"));
  project = new StubProject(join(scratch, "project"), linkPackages(scratch));
  master = await StubMaster.start(OUTPUTS.api_token);
  const failure = { step: "bundle", exit_code: 1, message: HOSTILE_TEXT, log: [HOSTILE_TEXT, HOSTILE_TEXT] };
  const node = record("worker-1", {
    state: "failed",
    stage: HOSTILE_TEXT,
    failure,
    time: "2999-01-01T00:00:00Z",
  });
  const uploads = { pending: [ACTIVE], error: HOSTILE_TEXT };
  const copies = { uploads, uploaded: "2026-11-23T11:04:32Z" };
  bucket = await serveLedger([node, record("master", copies)]);
  env = {
    AWS_ENDPOINT_URL: `http://127.0.0.1:${(bucket.address() as AddressInfo).port}`,
    AWS_ACCESS_KEY_ID: "AKIATEST",
    AWS_SECRET_ACCESS_KEY: "test",
  };
  deployed();
  finished(BEFORE, { request: { ...run().request, host: HOSTILE_TEXT } });
  finished(AFTER, { total: { ...run().total!, p95_ms: 900 } });
}, 120_000);

afterAll(() => {
  master.stop();
  bucket.close();
  rmSync(scratch, { recursive: true });
});

/** Records, as S3 lists and gives them. */
async function serveLedger(records: readonly NodeRecord[]): Promise<Server> {
  const listed = records.map(
    ({ instance_id }) => `<Contents><Key>nodes/AROATEST:${instance_id}.json</Key><Size>1</Size></Contents>`,
  );
  const list = `<ListBucketResult><KeyCount>${records.length}</KeyCount>${listed.join("")}</ListBucketResult>`;
  const server = createServer(({ method, url = "" }, response) => {
    const found = records.find(({ instance_id }) => url.includes(instance_id));
    if (method === "POST")
      response.writeHead(501).end(); // EC2
    else if (found) response.end(JSON.stringify(found));
    else response.end(url.includes("nodes") ? list : "<ListBucketResult/>");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return server;
}

/** Stubs of Terraform, whose outputs lead to the stub of the master, and of ssh, which prints a hostile log. */
function deployed(): void {
  const { folder } = project;
  project.stubOutputs({ ...OUTPUTS, master_url: master.url });
  writeFileSync(join(folder, "log"), `${HOSTILE_TEXT}\n`);
  project.stub("ssh", `cat "${folder}/log"; cat "${folder}/log" >&2`);
}

/** A run that is here, with the files that tell its troubles. */
function finished(id: string, more: Partial<Run>): void {
  const folder = join(project.folder, "runs", id);
  mkdirSync(folder, { recursive: true });
  const cell = `"${HOSTILE_TEXT}"`;
  writeFileSync(join(folder, "run.json"), JSON.stringify(run({ id, ...WORDS, ...more })));
  writeFileSync(join(folder, "failures.csv"), `Method,Name,Error,Occurrences\n,${cell},${cell},3\n`);
  writeFileSync(join(folder, "exceptions.csv"), `Count,Message,Traceback,Nodes\n2,${cell},"",""\n`);
}

/** What it writes, to the last character. */
async function written(args: readonly string[]): Promise<{ stdout: string; stderr: string }> {
  const child = project.start(args, env);
  const text = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"] as const)
    child[name]!.setEncoding("utf8").on("data", (chunk: string) => (text[name] += chunk));
  await new Promise((resolve) => child.once("close", resolve));
  return text;
}

function expectHarmless({ stdout, stderr }: { stdout: string; stderr: string }): void {
  for (const text of [stdout, stderr]) expect(text).not.toMatch(OBEYED);
  expect(stdout + stderr).toContain("owned");
}

describe("text of others", () => {
  test.each([
    [["runs"]],
    [["show", BEFORE]],
    [["compare", BEFORE, AFTER, "--fail-if-worse", "1%"]],
    [["status"]],
    [["status", "--wait", "--timeout", "1"]],
    [["attach"]],
    [["stop"]],
    [["pull", ACTIVE]],
  ])("%j shows it on the line where it belongs", async (args) => {
    master.add({ run: running({ id: ACTIVE, ...WORDS, now: null }) });
    const before = master.asked.length;
    const isWatched = () => master.asked.slice(before).some((request) => request.includes(ACTIVE));
    const ending = setInterval(() => {
      if (args[0] === "attach" && isWatched()) master.add({ run: run({ id: ACTIVE, ...WORDS }) });
    }, 100);
    if (args[0] === "runs")
      master.add({ run: run({ id: ACTIVE, ...WORDS, state: HOSTILE_TEXT as "failed" }) });
    const found = await written(args);
    clearInterval(ending);
    if (args[0] === "pull") expect(found.stderr).not.toMatch(OBEYED);
    else expectHarmless(found);
    expect(`${found.stdout}${found.stderr}`).not.toMatch(/^\s*owned line/m);
  });

  test("'logs' shows it, as many lines as it has", async () => {
    const found = await written(["logs", "worker-1", "--cloud"]);
    expectHarmless(found);
    expect(found.stdout).toContain("\nowned line\n");
  });

  test.each([["show", BEFORE], ["status"], ["compare", BEFORE, AFTER], ["logs", "worker-1", "--cloud"]])(
    "'%s --json' gives it unchanged",
    async (...args) => {
      const { stdout } = await written([...args, "--json"]);
      expect(stdout).not.toMatch(OBEYED);
      const documents = args[0] === "logs" ? stdout.trimEnd().split("\n") : [stdout];
      const read = documents.map((document) => JSON.stringify(JSON.parse(document))).join("");
      expect(read).toContain("\\u001b[2J");
    },
  );
});
