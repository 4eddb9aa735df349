import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, existsSync, readFileSync, readdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { packageRoot } from "../../lib/model/package-root";
import { apiOf } from "../../simulator/account/clients";
import { runCommand } from "../../tools/trials/command";
import { EmulatedCluster, succeeded } from "../../tools/trials/emulated-cluster";
import { describeEmulated } from "../helpers/emulated-suite";
import { inventory, nothing } from "../../simulator/account/inventory";
import { end, freePort, untilSaid } from "../helpers/local-suite";
import { pack, type Packed } from "../helpers/packed";
import { sharedCache } from "../../tools/trials/suite-folder";

/** All that a package may hold, by the beginning of its path. */
const NEEDED =
  /^(agent\/(hooks|locust_cluster|requirements\.(in|lock)$)|bin\/|boot\/.*\.sh$|cli\/.*\.py$|dist\/(aws|cli|lib|locks|protocol|runtimes|test-runs)\/|locust\/|runtimes\/python\/((pack|pack_modules|packed_modules)\.py|requirements-uv\.lock)$|templates\/project\/|userdata\/.*\.sh$|(cluster\.(schema\.json|yaml)|LICENSE|README\.md|package\.json)$)/;

/** Files of this project, as git knows them. */
function filesOf(pattern: string): string[] {
  const files = execFileSync("git", ["ls-files", pattern], { cwd: packageRoot(), encoding: "utf8" });
  return files.trim().split("\n");
}

/** As a user has it: packed, installed into a folder with nothing else, and used there. */
describeEmulated("the package, installed from its tarball", (suite) => {
  let packed: Packed;
  let project: EmulatedCluster;
  let program: EmulatedCluster;

  beforeAll(async () => {
    const { scratch, aws } = suite();
    packed = await pack(scratch);
    const folder = join(scratch, "load");
    const env = process.env;
    const cli = join(packageRoot(), "bin", "locust-cluster.js");
    succeeded(await runCommand("node", [cli, "init", "load"], { cwd: scratch, env }));
    const quiet = ["--prefer-offline", "--no-audit", "--no-fund"];
    succeeded(await runCommand("npm", ["install", ...quiet, packed.tarball], { cwd: folder, env }));
    symlinkSync(sharedCache(), join(folder, ".cache"));
    project = new EmulatedCluster(folder, "load", aws);
    Object.assign(project.env, { LOCUST_CLUSTER_WORKERS_COUNT: "0" });

    program = new EmulatedCluster(join(scratch, "shop"), "shop", aws);
    cpSync(join(packageRoot(), "examples", "construct"), program.folder, { recursive: true });
    execFileSync("cp", ["-al", join(folder, "node_modules"), join(program.folder, "node_modules")]);
    symlinkSync(sharedCache(), join(program.folder, ".cache"));
  });

  test("holds what is needed and nothing else", () => {
    expect(packed.files.filter((file) => !NEEDED.test(file))).toEqual([]);
    expect(packed.files.filter((file) => /__pycache__|\.test\.|simulator|synthesis-/.test(file))).toEqual([]);
    expect(packed.files).toEqual(
      expect.arrayContaining([
        ...filesOf("agent/locust_cluster/*.py"),
        ...filesOf("cli/*.py"),
        ...filesOf("userdata/*.sh"),
        ...filesOf("boot/*.sh"),
        "dist/lib/index.d.ts",
      ]),
    );
    // 337 kB when this was written.
    expect(packed.size).toBeLessThan(500_000);
  });

  test("its init writes the same project as that of a clone", async () => {
    succeeded(await project.run("npx", "locust-cluster", "init", "again/load"));
    const again = join(project.folder, "again", "load");
    for (const file of readdirSync(again).filter((name) => name !== "package.json"))
      succeeded(await project.run("diff", "-r", join(again, file), join(project.folder, file)));
    // npm has replaced the version by the tarball.
    const dependencies = (folder: string) =>
      Object.keys(
        (JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as { dependencies: object })
          .dependencies,
      );
    expect(dependencies(again)).toEqual(dependencies(project.folder));
  });

  test("runs the local cluster, and keeps the run in the project", async () => {
    const venv = join(packageRoot(), ".venv");
    if (existsSync(venv)) execFileSync("cp", ["-a", venv, join(project.folder, ".venv")]);
    const start = (...args: string[]): ChildProcess =>
      spawn("node", ["node_modules/locust-cluster/bin/locust-cluster.js", ...args], {
        cwd: project.folder,
        stdio: ["ignore", "pipe", "pipe"],
      });
    const cluster = start("local", "--workers", "1", "--port", String(await freePort()));
    try {
      await untilSaid(cluster, /local cluster is ready/);
      expect(await end(start("run", "-u", "2", "-r", "2", "-t", "2s"))).toMatchObject({ code: 0 });
    } finally {
      cluster.kill("SIGINT");
      if (cluster.exitCode === null) await once(cluster, "exit");
    }
    expect(readdirSync(join(project.folder, "runs"))).toHaveLength(1);
  });

  test("deploys and destroys its project, and the example of a program of one's own", async () => {
    const api = apiOf(suite().aws.account);
    await Promise.all([
      project.run("npx", "locust-cluster", "deploy", "--no-wait").then(succeeded),
      program.deploy(),
    ]);
    project.output = "cdktf.out.load";
    expect((await inventory(api))["instances"]).toHaveLength(3);
    expect((await project.outputs()).cluster_name).toBe("load");
    const outputs = (await program.outputs()) as unknown as Record<string, string>;
    expect(Object.keys(outputs)).toEqual(["load_token", "load_url"]);
    expect(outputs["load_url"]).toMatch(/^http:\/\/[\d.]+:8089$/);

    // Both ways lead to the same.
    succeeded(await project.cdktf("synth"));
    project.output = "cdktf.out";
    succeeded(await project.terraform("init", "-input=false"));
    expect(await project.plan()).toEqual([]);

    await Promise.all([
      project.run("npx", "locust-cluster", "destroy", "--yes").then(succeeded),
      program.destroy(),
    ]);
    expect(await inventory(api)).toEqual(nothing);
  });
});
