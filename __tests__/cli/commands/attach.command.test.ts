import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { StubMaster } from "../../helpers/stub-master";
import { run, running, verdict } from "../../test-runs/recorded-run";
import { linkPackages, runCli, StubProject } from "../stub-project";

jest.setTimeout(60_000);

const NEWEST = "20261121-110432-checkout";
const BEFORE = "20261120-090000-search";

let scratch: string;
let project: StubProject;
let master: StubMaster;

/** A local cluster, whose master is a stub. */
beforeAll(async () => {
  await runCli(["--version"]); // compiles, if a source has changed
  scratch = mkdtempSync(join(tmpdir(), "locust-cluster-attach-"));
  project = new StubProject(join(scratch, "project"), linkPackages(scratch));
  master = await StubMaster.start("x");
  for (const id of [NEWEST, BEFORE]) master.add({ run: run({ id }) });
  const folder = join(project.folder, ".cache", "local");
  mkdirSync(folder, { recursive: true });
  const state = { schema: 1, id: "", token: "x", pid: process.pid, url: master.url, started: "" };
  writeFileSync(join(folder, "cluster.json"), JSON.stringify(state));
}, 120_000);

afterAll(() => {
  master.stop();
  rmSync(scratch, { recursive: true });
});

describe("attach finds the run by", () => {
  test.each([
    ["the whole id", BEFORE, BEFORE],
    ["'last'", "last", NEWEST],
    ["'last~1'", "last~1", BEFORE],
    ["a part of the id", "search", BEFORE],
  ])("%s", async (_title, text, id) => {
    const { code, stdout } = await project.run(["attach", text]);
    expect(stdout).toContain(`run ${id} `);
    expect(code).toBe(0);
  });
});

test.each([
  ["shop", "there is no run 'shop'\n'npx locust-cluster runs' shows all\n"],
  ["2026112", `'2026112' is ambiguous: ${NEWEST}, ${BEFORE}; type more of the id\n`],
])("attach %s is refused at once", async (text, stderr) => {
  await expect(project.run(["attach", text])).resolves.toEqual({ code: 2, stdout: "", stderr });
});

test("stop says who has ended the run, in its reason and on its line", async () => {
  const id = "20261122-080000-long";
  master.add({ run: running({ id }) });
  await expect(project.run(["stop"])).resolves.toEqual({
    code: 0,
    stdout: "",
    stderr: [
      `stopping run ${id} …`,
      `run ${id} cancelled: stopped by 'locust-cluster stop'`,
      `see it with 'npx locust-cluster show ${id}'\n`,
    ].join("\n"),
  });
});

test("stop calls a run missed that has missed something", async () => {
  const id = "20261122-090000-open-ended";
  const progress = { elapsed_s: 6, run_time_s: null, phase: "measuring" } as const;
  master.add({
    run: running({ id, progress, passed: false, verdicts: [verdict("failures <= 0", false, "6 failed")] }),
  });
  expect((await project.run(["stop"])).stderr).toContain(
    `run ${id} missed: failures <= 0 (6 failed); stopped by 'locust-cluster stop'\n`,
  );
});
