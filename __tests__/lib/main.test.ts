import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { projectRoot } from "../../lib/model/project";

describe("main.ts", () => {
  let folder: string;
  const run = (yaml: string, env: NodeJS.ProcessEnv = {}): ReturnType<typeof spawnSync> => {
    writeFileSync(join(folder, "cluster.yaml"), yaml);
    // No PATH: neither Python nor Terraform nor anything else may be asked.
    return spawnSync(process.execPath, ["--require", "ts-node/register/transpile-only", "main.ts"], {
      cwd: projectRoot(),
      env: {
        LOCUST_CLUSTER_CONFIG: join(folder, "cluster.yaml"),
        CDKTF_OUTDIR: join(folder, "out", "of", "synthesis"),
        ...env,
      },
      encoding: "utf8",
    });
  };

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "locust-cluster-main-"));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  test("synthesizes into CDKTF_OUTDIR, silently, without Python, Terraform, test or cache", () => {
    expect(run("name: shop")).toMatchObject({ status: 0, stdout: "", stderr: "" });
    const stack = JSON.parse(
      readFileSync(join(folder, "out", "of", "synthesis", "stacks", "shop", "cdk.tf.json"), "utf8"),
    ) as object;
    expect(stack).toHaveProperty("resource.aws_instance.master_instance");
  });

  test("tells what the user can mend in one line, without a stack, and creates nothing", () => {
    expect(run("workers: { count: many }")).toMatchObject({
      status: 2,
      stdout: "",
      stderr: `${join(folder, "cluster.yaml")}:1: 'workers.count' must be a whole number from 0 to 500, got "many"\n`,
    });
    expect(existsSync(join(folder, "out"))).toBe(false);
  });

  test("refuses a workspace of Terraform, for 'npx cdktf deploy' too", () => {
    expect(run("name: shop", { TF_WORKSPACE: "default" })).toMatchObject({ status: 0, stderr: "" });
    expect(run("name: shop", { TF_WORKSPACE: "staging" })).toMatchObject({
      status: 2,
      stderr:
        "TF_WORKSPACE is 'staging', but a cluster has one state only, in the workspace 'default'\n" +
        "unset TF_WORKSPACE; a second cluster needs another 'name' in cluster.yaml\n",
    });
  });

  test("warns in one line when the page is open to everyone without login", () => {
    expect(run("access: { login: none }")).toMatchObject({
      status: 0,
      stderr:
        "warning: the page is open to everyone and asks for no login: set 'access.login' or narrow 'access.webCidrs'\n",
    });
  });
});
