import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { EMPTY_ACCOUNT } from "./stub-deployments";
import { serveAws } from "./stub-aws";
import { linkPackages, runCli, StubProject } from "./stub-project";

/** A disk or a folder that is not as it should be: a sentence and exit code 2, never a stack. */
jest.setTimeout(60_000);

let scratch: string;
let project: StubProject;
let account: Awaited<ReturnType<typeof serveAws>>;

beforeAll(async () => {
  await runCli(["--version"]); // compiles, if a source has changed
  scratch = mkdtempSync(join(tmpdir(), "locust-cluster-surroundings-"));
  project = new StubProject(join(scratch, "project"), linkPackages(scratch));
  project.stubTerraform("exit 9");
  mkdirSync(join(project.folder, ".cache"));
  account = await serveAws(EMPTY_ACCOUNT);
}, 120_000);

afterAll(() => {
  account.server.close();
  rmSync(scratch, { recursive: true });
});

const isRoot = process.getuid?.() === 0;

/** What is mounted in the script is seen by nobody else, and gone with it. */
const NAMESPACE = ["unshare", "--mount", ...(isRoot ? [] : ["--map-root-user"])];
/** Root obeys permissions too without this capability (capabilities(7)). */
const OBEYING = isRoot ? ["setpriv", "--bounding-set", "-dac_override,-dac_read_search"] : ["env"];

const READ_ONLY = 'mount --bind "$PWD" "$PWD"; mount -o remount,bind,ro "$PWD"; cd "$PWD"';
const FULL = "mount -t tmpfs -o nr_inodes=1 none .cache";

/** Runs a command of ours at the end of a shell script. */
async function after(script: string, command: string, prefix: readonly string[] = ["env"]) {
  const env = { ...account.env, PATH: `${project.programs}:${process.env["PATH"]}`, HOME: scratch };
  const program = `"${process.execPath}" "${project.folder}/bin/locust-cluster.js"`;
  const [first, ...words] = [...prefix, "sh", "-euc", `${script}; ${program} ${command}`];
  const child = spawn(first, words, { cwd: project.folder, env, stdio: ["ignore", "pipe", "pipe"] });
  const text = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"] as const)
    child[name].setEncoding("utf8").on("data", (chunk: string) => (text[name] += chunk));
  const [code] = (await once(child, "close")) as [number | null];
  return { code, ...text };
}

/** Containers often may not mount. In CI nothing is skipped. */
const canMount =
  process.env["CI_REQUIRE_ALL"] === "1" ||
  spawnSync(NAMESPACE[0]!, [...NAMESPACE.slice(1), "true"]).status === 0;

const READ_ONLY_DISK = /^'.*' cannot be written: its disk is read-only\n.*\n$/;

(canMount ? describe : describe.skip)("a mounted disk", () => {
  test.each([
    ["read-only", READ_ONLY, "local", READ_ONLY_DISK],
    ["read-only", READ_ONLY, "prepare", READ_ONLY_DISK],
    ["read-only", READ_ONLY, "destroy --yes", READ_ONLY_DISK],
    ["read-only", READ_ONLY, "run --junit new/x.xml", READ_ONLY_DISK],
    ["full", FULL, "local", /^no space is left on the disk for '.*local\.lock'\n.*\n$/],
    ["full", FULL, "prepare", /^no space left on the disk for the packages of the cluster\n.*\n$/],
  ])("that is %s: '%s; %s' says so in a sentence", async (_title, script, command, stderr) => {
    const found = await after(script, command, NAMESPACE);
    expect(found).toEqual({ code: 2, stdout: "", stderr: expect.stringMatching(stderr) as string });
  });

  test("that is read-only can be read", async () => {
    await expect(after(READ_ONLY, "runs", NAMESPACE)).resolves.toEqual({
      code: 0,
      stdout: "",
      stderr: "no runs yet: start one with 'npx locust-cluster run -u 10 -t 1m'\n",
    });
  });
});

test.each([
  [
    "a folder of somebody else",
    "chmod 555 .cache",
    "local",
    /^permission is missing for '.*local\.lock'\n.*\n$/,
  ],
  [
    "a folder of somebody else",
    "chmod 555 .cache",
    "prepare",
    /^permission is missing for '.*environments'\n.*\n$/,
  ],
  ["a folder that is gone", 'mkdir gone; cd gone; rmdir "$PWD"', "status", /^the folder .* is gone\n.*\n$/],
  ["a full disk for the output", ":", "--help >/dev/full", /^no space is left on the disk\n.*\n$/],
])("on %s '%s; %s' says so in a sentence", async (_title, script, command, stderr) => {
  const found = await after(script, command, OBEYING);
  expect(found).toEqual({ code: 2, stdout: "", stderr: expect.stringMatching(stderr) as string });
});
