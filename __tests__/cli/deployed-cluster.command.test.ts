import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { StubMaster } from "../helpers/stub-master";
import { answer, OUTPUTS } from "./recorded-cluster";
import { awsFailure, described } from "./stub-aws";
import { NO_RECORDS, StubDeployments } from "./stub-deployments";

/** Commands on a deployed cluster that answers only in part, or is not there. */
jest.setTimeout(60_000);

const deployments = new StubDeployments();
const deployed = deployments.deployed.bind(deployments);
const aws = deployments.aws.bind(deployments);

test("status shows what the master sees when the bucket may not be read", async () => {
  const master = await StubMaster.start(OUTPUTS.api_token);
  master.nodes = answer({ "worker-1": 2 });
  const env = await aws({ GET: awsFailure(403, "AccessDenied", "Access Denied") });
  const { code, stderr } = await deployed({ master_url: master.url }).run(["status"], env);
  master.stop();
  expect(stderr).toContain("the bucket locust-1234 could not be read: permission is missing");
  expect(stderr).toContain("this is what the master sees");
  expect(code).toBe(0);
});

describe("whose master rejects the token", () => {
  const REJECTED = "the master of cluster 'locust' rejected the token";
  let master: StubMaster;

  beforeAll(async () => {
    master = await StubMaster.start("another");
  });

  afterAll(() => {
    master.stop();
  });

  test.each([
    [["status"]],
    [["status", "--wait"]],
    [["ssh", "worker-9"]],
    [["logs", "worker-9"]],
    [["fleets"]],
  ])("%j says so in a sentence", async (args) => {
    const env = await aws(NO_RECORDS);
    const { code, stderr } = await deployed({ master_url: master.url }).run(args, env);
    expect(stderr).toContain(REJECTED);
    expect(stderr).not.toMatch(/^ +at /m);
    expect(code).toBe(2);
  });

  test("'ssh all' reaches the machines of the last deploy", async () => {
    const made = deployed({ master_url: master.url });
    made.stub("ssh", "echo idle");
    const env = await aws({
      ...NO_RECORDS,
      DescribeInstances: described("running", "127.0.0.77"),
    });
    const { code, stdout } = await made.run(["ssh", "all", "--", "uptime"], env);
    expect(stdout).toBe("master   | idle\nworker-1 | idle\n");
    expect(code).toBe(0);
  });
});

test("status says that there is none when the state is empty", async () => {
  const made = deployed();
  writeFileSync(join(made.folder, "outputs.json"), "{}");
  await expect(made.run(["status"])).resolves.toEqual({
    code: 2,
    stdout: "",
    stderr:
      `no cluster 'locust' found in ${made.folder}, and no local cluster is running\n` +
      "start one with 'npx locust-cluster local' in another terminal, or 'npx locust-cluster deploy' on EC2\n",
  });
});
