import { mkdtempSync, rmSync, unlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { serveAws } from "../stub-aws";
import { linkPackages, runCli, StubProject } from "../stub-project";

const ARGUMENTS = [
  ...["keep", "--cluster", "shop", "--region", "us-east-1", "--bucket", "shop-1"],
  ...["--master", "http://127.0.0.1:9", "--results", ""],
];

jest.setTimeout(60_000);

let scratch: string;
beforeAll(async () => {
  scratch = mkdtempSync(join(tmpdir(), "locust-cluster-keep-command-"));
  await runCli(["--version"]); // compiles, if a source has changed
}, 120_000);
afterAll(() => rmSync(scratch, { recursive: true }));

describe("keep, as Terraform calls it", () => {
  test("fails in a sentence and tells the way out when the bucket is refused", async () => {
    const body = "<Error><Code>AccessDenied</Code><Message>not yours</Message></Error>";
    const { server, env } = await serveAws({ GET: { status: 403, body } });
    const result = await runCli(ARGUMENTS, { env });
    server.close();
    expect(result).toEqual({
      code: 2,
      stdout: "",
      stderr:
        "nothing was destroyed: not all runs of cluster 'shop' could be saved: " +
        "secrets/master.json could not be read from the bucket shop-1: permission is missing (not yours)\n" +
        "fix that; then run destroy again. To give up the runs, set LOCUST_CLUSTER_RESULTS_KEEP_ON_DESTROY=false\n",
    });
  });

  test("lets a cluster go whose bucket is gone already", async () => {
    const body = "<Error><Code>NoSuchBucket</Code><Message>no such bucket</Message></Error>";
    const { server, env } = await serveAws({ GET: { status: 404, body } });
    const result = await runCli(ARGUMENTS, { env });
    server.close();
    expect(result).toEqual({
      code: 0,
      stdout: "",
      stderr: "warning: the bucket shop-1 is already gone: the runs of cluster 'shop' cannot be fetched\n",
    });
  });

  test("explains itself in a sentence where no packages are installed", async () => {
    const project = new StubProject(join(scratch, "bare"), linkPackages(scratch));
    unlinkSync(join(project.folder, "node_modules"));
    await expect(project.run(ARGUMENTS)).resolves.toEqual({
      code: 2,
      stdout: "",
      stderr: `the packages of locust-cluster are not installed: run 'npm ci' in ${project.folder}\n`,
    });
  });

  test("is not among the commands that a newcomer reads", async () => {
    const { stdout } = await runCli(["--help"]);
    expect(stdout).not.toMatch(/^ {2}keep/m);
  });
});
