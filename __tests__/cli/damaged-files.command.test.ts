import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { run } from "../test-runs/recorded-run";
import { linkPackages, runCli, StubProject } from "./stub-project";

/** Files of ours that somebody has changed, or a disk has spoilt: a sentence, never a stack. */
jest.setTimeout(60_000);

const ID = run().id;
const RUN = join("runs", ID, "run.json");
const LOCAL = join(".cache", "local", "cluster.json");
const TERRAFORM = join(".cache", "locust", "terraform.json");

let scratch: string;
let project: StubProject;

beforeAll(async () => {
  await runCli(["--version"]); // compiles, if a source has changed
  scratch = mkdtempSync(join(tmpdir(), "locust-cluster-damaged-"));
  project = new StubProject(join(scratch, "project"), linkPackages(scratch));
});
afterAll(() => {
  rmSync(scratch, { recursive: true, force: true });
});

function write(file: string, content: string): void {
  mkdirSync(dirname(join(project.folder, file)), { recursive: true });
  writeFileSync(join(project.folder, file), content);
}

async function ask(...command: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await project.run(command);
  expect(`${stdout}${stderr}`).not.toMatch(/^ +at |TypeError/m);
  expect(code).toBeLessThan(3);
  return stderr;
}

const alive = { schema: 1, id: "a", pid: process.pid, started: "2026-11-21T11:04:32Z", workers: 1 };

test.each([
  ["is empty", ""],
  ["is null", "null"],
  ["has an address that is none", JSON.stringify({ ...alive, url: "http://[" })],
  ["has no address", JSON.stringify(alive)],
])("a local cluster's file that %s is no local cluster", async (_, content) => {
  write(LOCAL, content);
  for (const command of [["runs"], ["stop"], ["status"]])
    await expect(ask(...command)).resolves.not.toContain("undefined");
  rmSync(join(project.folder, LOCAL));
});

test.each([
  ["is half", "{"],
  ["has no request", JSON.stringify({ ...run(), request: null })],
  ["is another run's", JSON.stringify({ ...run(), id: "20200101-000000" })],
])("a run.json that %s is called damaged", async (_, content) => {
  write(RUN, content);
  const sentence = `run.json in runs/${ID} is damaged`;
  for (const command of [["runs"], ["show", ID], ["compare", ID, ID]])
    await expect(ask(...command)).resolves.toContain(sentence);
  rmSync(join(project.folder, "runs"), { recursive: true });
});

test.each([["5"], ['{"code":null}'], [JSON.stringify({ code: null, command: "deploy", pid: "x" })]])(
  "a terraform.json of %s is no Terraform at work",
  async (content) => {
    write(TERRAFORM, content);
    await expect(ask("status")).resolves.toContain("no cluster");
    rmSync(join(project.folder, TERRAFORM));
  },
);
