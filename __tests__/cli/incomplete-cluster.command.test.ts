import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { OUTPUTS } from "./recorded-cluster";
import { linkPackages, runCli, StubProject } from "./stub-project";

/** Commands on what a deploy or a destroy that failed has left. */
jest.setTimeout(60_000);

let scratch: string;
let packages: string;
let count = 0;

beforeAll(async () => {
  scratch = mkdtempSync(join(tmpdir(), "locust-cluster-incomplete-"));
  packages = linkPackages(scratch);
  await runCli(["--version"]); // compiles, if a source has changed
}, 120_000);

afterAll(() => {
  rmSync(scratch, { recursive: true });
});

function incomplete(rest: string): string {
  return (
    `cluster 'locust' is incomplete: ${rest} and may cost money\n` +
    "complete it with 'npx locust-cluster deploy', or remove it with 'npx locust-cluster destroy', unless one of them is under way elsewhere\n"
  );
}

const INCOMPLETE = incomplete("1 resource remains");

describe("a cluster that is incomplete", () => {
  /** Whose Terraform knows these outputs and resources. */
  const withLeft = (outputs: object, addresses: readonly string[]): StubProject => {
    count += 1;
    const made = new StubProject(join(scratch, String(count)), packages);
    made.stubOutputs(outputs, `printf "${addresses.map((address) => `${address}\\n`).join("")}"`);
    return made;
  };

  /** After a deploy that could not create its machines, only some outputs are there. */
  const withoutMachines = (): StubProject => {
    const { nodes: _nodes, worker_public_ips: _ips, ...known } = OUTPUTS;
    return withLeft(known, ["aws_vpc.network_vpc"]);
  };

  test.each([
    [
      "half of one is left, as after a destroy that failed",
      ["data.aws_ssm_parameter.image", "aws_vpc.network_vpc", "aws_s3_bucket.store_bucket"],
      incomplete("2 resources remain"),
    ],
    [
      "all of it is left, after a destroy that was refused",
      ["aws_vpc.network_vpc", "terraform_data.results_home"],
      "cluster 'locust' has all its resources but no outputs: a destroy failed before it removed anything\n" +
        "bring them back with 'npx locust-cluster deploy', or remove it with 'npx locust-cluster destroy'\n",
    ],
  ])("status says that %s", async (_what, addresses, stderr) => {
    await expect(withLeft({}, addresses).run(["status"])).resolves.toEqual({ code: 2, stdout: "", stderr });
  });

  test.each([
    ["status"],
    ["status", "--json"],
    ["ssh", "worker-1"],
    ["logs"],
    ["push"],
    ["run", "--cloud", "-u", "1"],
    ["attach", "--cloud"],
    ["stop", "--cloud"],
    ["fleets"],
    ["scale", "eu", "10"],
    ["run", "-u", "1"],
    ["attach"],
    ["stop"],
    ["runs", "--cloud"],
    ["show", "--cloud"],
    ["open", "--cloud"],
    ["pull", "--cloud"],
    ["compare", "last", "last", "--cloud"],
  ])("'%s %s' says what is there when the machines could not be created", async (...args) => {
    const { code, stderr } = await withoutMachines().run(args);
    expect(stderr).toBe(INCOMPLETE);
    expect(code).toBe(2);
  });

  test.each([
    [["runs"], 0, `warning: this list may lack runs: ${INCOMPLETE}`],
    [["show"], 2, `there are no runs yet\n${INCOMPLETE}`],
    [["open"], 2, `there are no runs yet\n${INCOMPLETE}`],
    [["pull"], 2, `there are no runs yet\n${INCOMPLETE}`],
    [["pull", "--all"], 3, `some runs may be missing: ${INCOMPLETE}`],
    [["compare", "last", "last"], 2, `there are no runs yet\n${INCOMPLETE}`],
  ])("%j says it beside the runs that are here", async (args, expected, sentence) => {
    const { code, stderr } = await withoutMachines().run(args);
    expect(stderr).toContain(sentence);
    expect(code).toBe(expected);
  });
});
