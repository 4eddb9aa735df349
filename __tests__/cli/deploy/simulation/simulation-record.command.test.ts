import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { insideEnvironment } from "../../../../cli/deploy/simulation/inside-simulation";
import { runningSimulation } from "../../../../cli/deploy/simulation/simulation-record";
import { birthOf } from "../../../../cli/deploy/terraform/terraform-record";
import { commandLine } from "../../../../lib/model/command-line";
import { makeScratch, removeScratch } from "../../../../tools/trials/scratch";
import { OUTPUTS } from "../../recorded-cluster";
import { linkPackages, runCli, StubProject } from "../../stub-project";

/** Commands beside a simulation, in the place of which this process stands. */
jest.setTimeout(60_000);

const SAID = `in the simulation of process ${process.pid} ('npm run simulate'), not on AWS\n`;

let scratch: string;
let project: StubProject;

beforeAll(async () => {
  scratch = mkdtempSync(join(tmpdir(), "locust-cluster-simulation-"));
  await runCli(["--version"]); // compiles, if a source has changed
  project = new StubProject(join(scratch, "project"), linkPackages(scratch));
  mkdirSync(join(project.folder, ".cache"));
  const { folder } = project;
  const outputs = Object.entries({ ...OUTPUTS, cluster_name: "simulated" }).map(([name, value]) => [
    name,
    { value },
  ]);
  writeFileSync(join(folder, "outputs.json"), JSON.stringify(Object.fromEntries(outputs)));
  writeFileSync(join(folder, "terraform.simulated.tfstate"), "{}");
  project.link("cat");
  project.stub(
    "terraform",
    `env > "${folder}/seen"; [ "$1" = output ] && cat "${folder}/outputs.json" || true`,
  );
  project.stub("ssh", 'kill -s "${SIGNAL:-0}" $$; exit 7');
  simulate(process.pid, birthOf(process.pid)!);
}, 120_000);

afterAll(() => {
  rmSync(scratch, { recursive: true });
});

function simulate(pid: number, birth: string): void {
  const environment = {
    CLUSTER_SIMULATION: String(pid),
    LOCUST_CLUSTER_NAME: "simulated",
    AWS_ENDPOINT_URL: "http://127.0.0.1:9",
    TF_CLI_CONFIG_FILE: "/simulated.rc",
  };
  const record = { schema: 1, pid, birth, environment };
  writeFileSync(join(project.folder, ".cache", "simulation.json"), JSON.stringify(record));
}

describe("beside a simulation", () => {
  test("a command finds its cluster and account, says so, and gives the exit code", async () => {
    const { code, stderr } = await project.run(["ssh"], { AWS_PROFILE: "work", TF_LOG: "trace" });
    expect(stderr.startsWith(SAID)).toBe(true);
    expect(code).toBe(7);
    const seen = readFileSync(join(project.folder, "seen"), "utf8").split("\n");
    expect(seen).toEqual(
      expect.arrayContaining(["TF_CLI_CONFIG_FILE=/simulated.rc", "LOCUST_CLUSTER_NAME=simulated"]),
    );
    expect(seen.filter((line) => /^(AWS_PROFILE=work|TF_LOG=)/.test(line))).toEqual([]);
  });

  test("the exit code is also that of a shell that a signal ended", async () => {
    const { code } = await project.run(["ssh"], { SIGNAL: "TERM" });
    expect(code).toBe(143);
  });

  test.each([
    [["status", "--local"], {}],
    [["ssh", "--help"], {}],
    [["local", "--workers", "0"], {}],
    [["ssh"], { LOCUST_CLUSTER_NAME: "locust" }],
  ])("%j with %j is about something else", async (args, env) => {
    expect((await project.run(args, env)).stderr).not.toContain("in the simulation");
  });

  test("of another user, a command says who can see it", async () => {
    const denied = join(scratch, "denied.js");
    // The tests may run as root, who may read everything.
    const lines = [
      'const fs = require("node:fs");',
      "const { readFileSync } = fs;",
      "fs.readFileSync = (file, ...rest) => {",
      '  if (String(file).endsWith("simulation.json")) throw Object.assign(new Error("denied"), { code: "EACCES" });',
      "  return readFileSync(file, ...rest);",
      "};",
    ];
    writeFileSync(denied, lines.join("\n"));
    expect(await project.run(["status"], { NODE_OPTIONS: `--require ${denied}` })).toEqual({
      code: 2,
      stdout: "",
      stderr:
        "a simulation of another user runs in this folder\nrun the command as that user, e.g. with sudo\n",
    });
  });

  test("the record of one that was killed counts no more", async () => {
    simulate(process.pid, "another process");
    expect((await project.run(["ssh"])).stderr).toMatch(/^no cluster 'locust' found/);
    simulate(process.pid, birthOf(process.pid)!);
  });
});

test("the user's own settings stay, and what leads elsewhere goes", () => {
  const env = {
    LOCUST_CLUSTER_WORKERS_COUNT: "1",
    AWS_PROFILE: "work",
    HTTPS_PROXY: "http://proxy",
    PATH: "/bin",
  };
  const simulation = { pid: 7, environment: { LOCUST_CLUSTER_NAME: "simulated" } };
  expect(insideEnvironment(simulation, env)).toEqual({
    CLUSTER_SIMULATION: "7",
    LOCUST_CLUSTER_WORKERS_COUNT: "1",
    LOCUST_CLUSTER_NAME: "simulated",
    PATH: "/bin",
  });
});

test.each([
  ["an empty record", {}],
  ["no number of a process", { pid: "1", environment: {} }],
  ["no birth", { pid: 999_999_999, birth: "", environment: {} }],
  ["no environment", { pid: process.pid, birth: birthOf(process.pid) }],
  ["a list", { pid: process.pid, birth: birthOf(process.pid), environment: [] }],
  ["a number for a text", { pid: process.pid, birth: birthOf(process.pid), environment: { A: 1 } }],
  ["null", null],
])("a damaged file, %s, is no simulation", (_, record) => {
  const folder = makeScratch();
  try {
    mkdirSync(join(folder, ".cache"));
    writeFileSync(join(folder, ".cache", "simulation.json"), JSON.stringify(record));
    expect(runningSimulation(folder)).toBeUndefined();
  } finally {
    removeScratch(folder);
  }
});

test("what to type next needs no variables inside a simulation", () => {
  const env = { LOCUST_CLUSTER_NAME: "simulated", CLUSTER_SIMULATION: "1" };
  expect(commandLine("status", env)).toBe("npx locust-cluster status");
});

test("a simulation tells only its own user how it is reached, and takes that away", async () => {
  const folder = join(scratch, "record");
  const script = `
    const { writeSimulation, removeSimulation } = require(${JSON.stringify(join(project.folder, "dist/cli/deploy/simulation/simulation-record.js"))});
    writeSimulation({ AWS_SECRET_ACCESS_KEY: "secret" });
    process.stdin.once("data", () => { removeSimulation(); process.exit(0); });
    console.log("written");`;
  const file = join(project.folder, ".cache", "simulation.json");
  mkdirSync(folder);
  const child = spawn(process.execPath, ["-e", script], { cwd: folder, stdio: ["pipe", "pipe", "inherit"] });
  await once(child.stdout, "data");
  expect(statSync(file).mode & 0o777).toBe(0o600);
  child.stdin.end("over");
  await once(child, "exit");
  expect(existsSync(file)).toBe(false);
});
