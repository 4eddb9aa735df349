import { mkdtempSync, rmSync, unlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { awsFailure, serveAws } from "../stub-aws";
import { type CliResult, linkPackages, runCli, StubProject } from "../stub-project";

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

/** Where S3 answers so for the bucket. */
async function keepWhen(...failure: Parameters<typeof awsFailure>): Promise<CliResult> {
  const { server, env } = await serveAws({ GET: awsFailure(...failure) });
  const result = await runCli(ARGUMENTS, { env });
  server.close();
  return result;
}

describe("keep, as Terraform calls it", () => {
  test("fails in a sentence and tells the way out when the bucket is refused", async () => {
    expect(await keepWhen(403, "AccessDenied", "not yours")).toEqual({
      code: 2,
      stdout: "",
      stderr:
        "nothing was destroyed: not all runs of cluster 'shop' could be saved: " +
        "secrets/master.json could not be read from the bucket shop-1: permission is missing (not yours)\n" +
        "fix that; then run destroy again. To give up the runs, set LOCUST_CLUSTER_RESULTS_KEEP_ON_DESTROY=false\n",
    });
  });

  test("lets a cluster go whose bucket is gone already", async () => {
    expect(await keepWhen(404, "NoSuchBucket", "no such bucket")).toEqual({
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
