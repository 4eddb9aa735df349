import {
  appendFileSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { spawn, spawnSync } from "node:child_process";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { linkPackages, StubProject } from "../cli/stub-project";

jest.setTimeout(120_000);

const COMPILING = "compiling the command line (once after a change) …\n";
let scratch: string;
let made: StubProject;

beforeAll(() => {
  scratch = mkdtempSync(join(tmpdir(), "locust-cluster-build-"));
  made = new StubProject(join(scratch, "clone"), linkPackages(scratch));
});
afterAll(() => {
  rmSync(scratch, { recursive: true });
});

function version(): Promise<{ stdout: string; stderr: string }> {
  const child = spawn(process.execPath, [join(made.folder, "bin", "locust-cluster.js"), "--version"]);
  const text = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"] as const)
    child[name].on("data", (chunk: Buffer) => (text[name] += chunk.toString()));
  return new Promise((resolve) => {
    child.on("close", () => {
      resolve(text);
    });
  });
}

test("several at once compile a fresh clone once, and all run", async () => {
  rmSync(join(made.folder, "dist"), { recursive: true });
  const all = await Promise.all([version(), version(), version()]);
  expect(all.map(({ stdout }) => stdout)).toEqual(["0.1.0\n", "0.1.0\n", "0.1.0\n"]);
  expect(all.map(({ stderr }) => stderr).join("")).toBe(COMPILING);
});

test("nothing is compiled when nothing has changed, after a change it is", async () => {
  expect((await version()).stderr).toBe("");
  const source = join(made.folder, "cli", "terminal", "exit-codes.ts");
  utimesSync(source, new Date(), new Date(Date.now() + 1000));
  expect((await version()).stderr).toBe(COMPILING);
});

test("nothing is left of a source that has become a folder", async () => {
  const left = join(made.folder, "dist", "lib", "model", "config.js");
  writeFileSync(left, "");
  const source = join(made.folder, "cli", "terminal", "exit-codes.ts");
  utimesSync(source, new Date(), new Date(Date.now() + 1500));
  expect(await version()).toEqual({ stdout: "0.1.0\n", stderr: COMPILING });
  expect(existsSync(left)).toBe(false);
});

test("the lock of a process that was killed keeps nobody", async () => {
  const dead = spawn("true");
  await new Promise((resolve) => dead.on("close", resolve));
  writeFileSync(join(made.folder, "dist.lock"), String(dead.pid));
  utimesSync(join(made.folder, "cli", "terminal", "exit-codes.ts"), new Date(), new Date(Date.now() + 2000));
  expect(await version()).toEqual({ stdout: "0.1.0\n", stderr: COMPILING });
});

test("the compiled synthesis is one file, and after a change another", async () => {
  const dist = join(made.folder, "dist");
  const bundles = () => readdirSync(dist).filter((name) => /^synthesis-.*\.js$/.test(name));
  const before = bundles();
  appendFileSync(join(made.folder, "main.ts"), 'console.log("changed");\n');
  utimesSync(join(made.folder, "main.ts"), new Date(), new Date(Date.now() + 3000));
  await version();
  expect(before).toHaveLength(1);
  expect(bundles()).toHaveLength(1);
  expect(bundles()).not.toEqual(before);

  const env = { ...process.env, CDKTF_OUTDIR: join(scratch, "out") };
  const synthesis = spawnSync(process.execPath, [join(dist, "main.js")], {
    cwd: made.folder,
    env,
    encoding: "utf8",
  });
  expect(synthesis).toMatchObject({ status: 0, stdout: "changed\n" });
  expect(readdirSync(join(scratch, "out", "stacks"))).toEqual(["locust"]);
});
