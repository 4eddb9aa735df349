import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { loadCluster } from "../../../lib/model/config";
import { packageRoot } from "../../../lib/model/package-root";
import { makeScratch, removeScratch } from "../../../tools/trials/scratch";
import { runCli } from "../stub-project";

// The first start compiles the command line.
jest.setTimeout(60_000);

interface PackageDocument {
  readonly version: string;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly overrides: Readonly<Record<string, string>>;
}

function readJson<T>(...path: readonly string[]): T {
  return JSON.parse(readFileSync(join(...path), "utf8")) as T;
}

describe("init", () => {
  const scratch = makeScratch();
  const init = (...args: readonly string[]) => runCli(["init", ...args], { cwd: scratch });

  afterAll(() => {
    removeScratch(scratch);
  });

  test("writes a project that depends on this package", async () => {
    const { code, stderr } = await init("tests/my-load-test");
    expect({ code, stderr }).toEqual({
      code: 0,
      stderr: [
        "a load test named 'my-load-test' is in tests/my-load-test; next:",
        "  cd tests/my-load-test",
        `  npm pack ${packageRoot()}`,
        "  npm install",
        "  npx locust-cluster local",
        "",
      ].join("\n"),
    });
    const project = join(scratch, "tests", "my-load-test");
    expect(readdirSync(project).sort()).toEqual([
      ".gitignore",
      "README.md",
      "cdktf.json",
      "cluster.yaml",
      "locust",
      "main.ts",
      "package.json",
    ]);

    const own = readJson<PackageDocument>(packageRoot(), "package.json");
    const made = readJson<PackageDocument>(project, "package.json");
    expect(made).toMatchObject({
      name: "my-load-test",
      private: true,
      // Without exec, a signal to npm ends at a shell (npm 11).
      scripts: { start: "exec locust-cluster local" },
    });
    // Never a name alone: in npm's registry it may be somebody else's.
    expect(made.dependencies["locust-cluster"]).toBe(`file:locust-cluster-${own.version}.tgz`);
    expect(made.overrides).toEqual({
      "@cdktf/node-pty-prebuilt-multiarch": "npm:@lydell/node-pty@1.1.0",
    });
    expect(readJson(project, "cdktf.json")).toMatchObject({
      app: "node node_modules/locust-cluster/bin/synth.js",
    });
  });

  test("names the cluster as the folder, and leaves every other setting at its default", () => {
    const file = join(scratch, "tests", "my-load-test", "cluster.yaml");
    const { config } = loadCluster({ file, env: {} });
    const { config: own } = loadCluster({ file: join(packageRoot(), "cluster.yaml"), env: {} });
    expect(config).toEqual({ ...own, name: "my-load-test" });
    expect(readFileSync(file, "utf8")).toContain("$schema=node_modules/locust-cluster/cluster.schema.json\n");
  });

  test("takes an empty folder, also one with a repository in it", async () => {
    mkdirSync(join(scratch, "repository", ".git"), { recursive: true });
    const { code, stderr } = await runCli(["init", "."], { cwd: join(scratch, "repository") });
    expect({ code, stderr }).toEqual({
      code: 0,
      stderr: `a load test named 'repository' is in .; next:\n  npm pack ${packageRoot()}\n  npm install\n  npx locust-cluster local\n`,
    });
  });

  test("writes into no folder that holds something", async () => {
    mkdirSync(join(scratch, "full"));
    writeFileSync(join(scratch, "full", "notes.txt"), "");
    expect(await init("full")).toMatchObject({
      code: 2,
      stderr: "full is not empty, 'notes.txt' is in it: choose a new or empty folder\n",
    });
    expect(readdirSync(join(scratch, "full"))).toEqual(["notes.txt"]);
    expect(await init("full/notes.txt")).toMatchObject({ code: 2 });
  });

  test("refuses a name that no cluster may have, before it writes anything", async () => {
    expect(await init("My_Test")).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(
        /^the folder's name becomes the name of the cluster: 'name' must be 2 to 24 .*, got "My_Test"\nchoose another folder/,
      ) as unknown,
    });
    expect(existsSync(join(scratch, "My_Test"))).toBe(false);
  });

  test("asks for the folder, and is found by a misspelt name", async () => {
    expect(await init()).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("missing required argument 'folder'") as unknown,
    });
    expect((await runCli(["inti", "x"], { cwd: scratch })).stderr).toContain(
      "did you mean 'npx locust-cluster init'?",
    );
  });
});
