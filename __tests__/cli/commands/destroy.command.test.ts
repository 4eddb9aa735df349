import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { StubMaster } from "../../helpers/stub-master";
import { running } from "../../test-runs/recorded-run";
import { OUTPUTS } from "../recorded-cluster";
import { calls, EMPTY_ACCOUNT, GONE, StubDeployments } from "../stub-deployments";
import { awsFailure } from "../stub-aws";

jest.setTimeout(60_000);

const deployments = new StubDeployments();
const project = deployments.project.bind(deployments);
const aws = deployments.aws.bind(deployments);
const destroy = deployments.destroy.bind(deployments);

describe("destroy", () => {
  test("asks, and without a terminal wants --yes", async () => {
    const env = await aws(EMPTY_ACCOUNT);
    await expect(project().run(["destroy"], env)).resolves.toEqual({
      code: 2,
      stdout: "",
      stderr: "destroy needs a confirmation, and this is no interactive terminal: add --yes\n",
    });
  });

  test("is no success when the answer is no", async () => {
    const made = project();
    const { code, stdout } = await made.runAtTerminal(["destroy"], await aws(EMPTY_ACCOUNT), "n");
    expect(stdout).toMatch(/destroy cluster 'locust' in us-east-1 .*\? \[y\/N\] /);
    expect(stdout).toMatch(/nothing was destroyed\r?\n$/);
    expect(code).toBe(2);
    expect(calls(made).filter((call) => call.startsWith("destroy"))).toEqual([]);
  });

  test("works without Python, locustfile and cache", async () => {
    const made = project("name: shop\n");
    rmSync(join(made.folder, "locust"), { recursive: true });
    made.stubTerraform(GONE);
    await expect(destroy(made, "--terraform-arg=-parallelism=3")).resolves.toEqual({
      code: 0,
      stdout: "",
      stderr: "  Destroy complete! Resources: 42 destroyed.\ncluster 'shop' is gone\n",
    });
    expect(calls(made)).toEqual([
      "version -json",
      "init -input=false -no-color",
      "state list",
      "destroy -auto-approve -input=false -no-color -lock-timeout=60s -parallelism=3",
    ]);
    expect(existsSync(join(made.folder, "cdktf.out.shop", "stacks", "shop", "cdk.tf.json"))).toBe(true);
  });

  test("shows every resource with --verbose, and without it only what our own commands say", async () => {
    const made = project();
    made.stubTerraform(`echo "terraform_data.home (local-exec): 2 runs are here"; ${GONE}`);
    const last = "  Destroy complete! Resources: 42 destroyed.\ncluster 'locust' is gone\n";
    expect((await destroy(made)).stderr).toBe(`  2 runs are here\n${last}`);
    expect((await destroy(made, "--verbose")).stderr).toBe(
      `  terraform_data.home (local-exec): 2 runs are here\n  aws_vpc.vpc: Destruction complete after 1s\n${last}`,
    );
  });

  test("makes Terraform ready once, and again after a failure", async () => {
    const made = project();
    const inits = () => calls(made).filter((call) => call.startsWith("init")).length;
    made.stubTerraform(GONE);
    for (const _ of [1, 2]) await destroy(made);
    expect(inits()).toBe(1);
    made.stubTerraform("exit 1");
    for (const _ of [1, 2]) await destroy(made);
    expect(inits()).toBe(2);
  });

  test("says the new name of an option", async () => {
    const { code, stderr } = await project().run(["destroy", "--cdktf-arg=-x"]);
    expect(code).toBe(2);
    expect(stderr).toContain(
      "--cdktf-arg: its name is --terraform-arg now; what follows it goes to Terraform\n",
    );
  });

  test("is no success when there is nothing, and names the clusters that are here", async () => {
    const made = project();
    made.stub("terraform", '[ "$1" = version ] && echo \'{"terraform_version":"1.11.4"}\'; true');
    writeFileSync(join(made.folder, "terraform.alpha.tfstate"), '{"resources":[{}]}');
    await expect(destroy(made)).resolves.toEqual({
      code: 2,
      stdout: "",
      stderr:
        "cluster 'locust' is not deployed from this folder; deployed here: alpha\n" +
        "choose one by its name: LOCUST_CLUSTER_NAME=alpha npx locust-cluster destroy\n",
    });
  });

  test("says what to do when Terraform fails, and keeps all it said", async () => {
    const made = project();
    made.stubTerraform(
      'printf "╷\\n│ Error: deleting VPC: DependencyViolation\\n╵\\n" >&2; echo hidden; exit 1',
    );
    const { code, stderr } = await destroy(made);
    const log = join(made.folder, ".cache", "locust", "destroy.log");
    expect(code).toBe(3);
    expect(stderr).toBe(
      "  ╷\n  │ Error: deleting VPC: DependencyViolation\n  ╵\n" +
        `nothing was destroyed; all output is in ${log}\n` +
        "fix the error above and run 'npx locust-cluster destroy' again\n" +
        "to keep the cluster, run 'npx locust-cluster deploy': it brings back the outputs that Terraform has dropped\n",
    );
    expect(readFileSync(log, "utf8")).toContain("hidden");
  });

  test("says that it is not complete only when something is gone", async () => {
    const made = project();
    made.stub(
      "terraform",
      `case "$1 $2" in version*) echo '{"terraform_version":"1.11.4"}' ;; output*) echo '{}' ;; ` +
        `"state list") echo aws_vpc.network_vpc; [ -e "${made.folder}/gone" ] || echo aws_subnet.a ;; ` +
        `destroy*) echo > "${made.folder}/gone"; exit 1 ;; esac`,
    );
    const { code, stderr } = await destroy(made);
    expect(stderr).toMatch(
      /^the cluster was not destroyed completely; .*\nfix the error above and run 'npx locust-cluster destroy' again\n$/,
    );
    expect(code).toBe(3);
  });

  test("names the run under way in its question", async () => {
    const made = project();
    const master = await StubMaster.start(OUTPUTS.api_token);
    master.add({ run: running({ id: "20261121-110432-checkout" }) });
    const outputs = Object.entries({ ...OUTPUTS, master_url: master.url }).map(([name, value]) => [
      name,
      { value },
    ]);
    writeFileSync(join(made.folder, "outputs.json"), JSON.stringify(Object.fromEntries(outputs)));
    made.link("cat");
    made.stub(
      "terraform",
      `case "$1 $2" in version*) echo '{"terraform_version":"1.11.4"}' ;; "state list") echo aws_vpc.network_vpc ;; ` +
        `output*) cat "${made.folder}/outputs.json" ;; esac`,
    );
    const { stdout } = await made.runAtTerminal(["destroy"], await aws(EMPTY_ACCOUNT), "n");
    master.stop();
    expect(stdout).toMatch(
      /^end run 20261121-110432-checkout, which is under way, and destroy cluster 'locust' in us-east-1 of account \d+, .*\? \[y\/N\] /m,
    );
  });

  test("is complete when some calls are refused, and names what it could not check", async () => {
    const made = project("state: { bucket: team-states }");
    made.stubTerraform(GONE);
    const refused = (action: string) =>
      awsFailure(403, "AccessDenied", `User: ci is not authorized to perform: ${action} on resource: *`);
    const account = {
      ...EMPTY_ACCOUNT,
      DescribeVpcs: refused("ec2:DescribeVpcs"),
      ListRoles: refused("iam:ListRoles"),
    };
    const { code, stderr } = await made.run(["destroy", "--yes"], await aws(account));
    expect(stderr).toContain(
      "warning: could not check for VPCs, roles left by a killed deploy: permission is missing (ec2:DescribeVpcs, iam:ListRoles)\n" +
        "cluster 'locust' is gone\n",
    );
    expect(code).toBe(0);
  });

  test("shows the end of the log when Terraform fails in words of its own", async () => {
    const made = project();
    made.stubTerraform('echo "panic: something in Terraform" >&2; exit 1');
    expect((await destroy(made)).stderr.split("\n")[0]).toBe("  panic: something in Terraform");
  });

  test("repeats the choice of the cluster in what to type next", async () => {
    const made = project();
    made.stubTerraform("exit 1");
    const env = { ...(await aws(EMPTY_ACCOUNT)), LOCUST_CLUSTER_NAME: "alpha" };
    const { stderr } = await made.run(["destroy", "--yes"], env);
    expect(stderr).toContain("run 'LOCUST_CLUSTER_NAME=alpha npx locust-cluster destroy' again");
  });
});
