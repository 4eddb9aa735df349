import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { calls, EMPTY_ACCOUNT, GONE, StubDeployments } from "../stub-deployments";
import { awsFailure } from "../stub-aws";

/** `destroy` with a state that is broken, locked, or not to be had. */
jest.setTimeout(60_000);

const deployments = new StubDeployments();
const project = deployments.project.bind(deployments);
const aws = deployments.aws.bind(deployments);
const destroy = deployments.destroy.bind(deployments);

describe("destroy", () => {
  test("does not take a state that cannot be read for an empty one", async () => {
    const made = project();
    made.stub(
      "terraform",
      `case "$1" in version) echo '{"terraform_version":"1.11.4"}' ;; state) echo "Error: AccessDenied" >&2; exit 1 ;; esac`,
    );
    const { code, stderr } = await destroy(made);
    expect(code).toBe(2);
    expect(stderr).toBe("the state of the cluster could not be read: Error: AccessDenied\n");
  });

  test.each(["deploy", "destroy", "status"])(
    "%s names a state that a kill left empty, and its backup",
    async (command) => {
      const made = project();
      writeFileSync(join(made.folder, "terraform.locust.tfstate"), "");
      writeFileSync(join(made.folder, "terraform.locust.tfstate.backup"), '{"resources":[{}]}');
      const { code, stderr } = await made.run([command], await aws(EMPTY_ACCOUNT));
      expect(code).toBe(2);
      expect(stderr).toMatch(
        /^the state file terraform\.locust\.tfstate is empty: .*\nthe state before that is in terraform\.locust\.tfstate\.backup, of .*\n$/,
      );
    },
  );

  test("restores such a state with --yes", async () => {
    const made = project();
    const file = join(made.folder, "terraform.locust.tfstate");
    writeFileSync(file, "");
    writeFileSync(`${file}.backup`, '{"resources":[{}]}');
    made.stubTerraform(GONE);
    const { code, stderr } = await destroy(made);
    expect(stderr).toContain(
      "restored broken terraform.locust.tfstate from terraform.locust.tfstate.backup\n",
    );
    expect(readFileSync(file, "utf8")).toBe('{"resources":[{}]}');
    expect(code).toBe(0);
  });

  test("gives the whole command that unlocks a state which a killed Terraform has locked", async () => {
    const made = project("state: { bucket: team-states }");
    made.stubTerraform(
      'printf "╷\\n│ Error: Error acquiring the state lock\\n│\\n│ Lock Info:\\n│   ID:        0f90-4f34\\n╵\\n" >&2; exit 1',
    );
    const { code, stderr } = await destroy(made);
    expect(stderr).toContain(
      "if it was killed, unlock with 'terraform -chdir=cdktf.out.locust/stacks/locust force-unlock -force 0f90-4f34'",
    );
    expect(code).toBe(2);
  });

  test("does not say that there is no cluster when it may not look, and no state is there", async () => {
    const made = project("state: { bucket: team-states }");
    made.stub("terraform", '[ "$1" = version ] && echo \'{"terraform_version":"1.11.4"}\'; true');
    const account = {
      ...EMPTY_ACCOUNT,
      DescribeVpcs: awsFailure(403, "UnauthorizedOperation", "You are not authorized"),
    };
    const { code, stderr } = await made.run(["destroy", "--yes"], await aws(account));
    expect(stderr).toBe(
      "could not check for VPCs left by a killed deploy: permission is missing (You are not authorized)\n",
    );
    expect(code).toBe(2);
  });

  test("does not pass over a lock that it could not take", async () => {
    const made = project("state: { bucket: team-states }");
    made.stub(
      "terraform",
      `case "$1 $2" in version*) echo '{"terraform_version":"1.11.4"}' ;; "state list") echo "aws_vpc.network_vpc" ;; ` +
        `"state rm") printf "Error: Error acquiring the state lock\\n\\nError message: S3: PutObject, AccessDenied\\n" >&2; exit 1 ;; esac`,
    );
    const vpcs =
      "<DescribeVpcsResponse><vpcSet><item><vpcId>vpc-1</vpcId></item></vpcSet></DescribeVpcsResponse>";
    const env = await aws({ ...EMPTY_ACCOUNT, DescribeVpcs: { status: 200, body: vpcs } });
    const { code, stderr } = await made.run(["destroy", "--yes"], env);
    expect(stderr).toBe("the state could not be locked: S3: PutObject, AccessDenied\n");
    expect(code).toBe(2);
  });

  test("uses one workspace of Terraform, and refuses another: it would take its cluster for a leftover", async () => {
    const made = project();
    made.stubTerraform(`echo "$TF_WORKSPACE" > "${made.folder}/workspace"; ${GONE}`);
    await destroy(made);
    expect(readFileSync(join(made.folder, "workspace"), "utf8")).toBe("default\n");
    await expect(made.run(["destroy", "--yes"], { TF_WORKSPACE: "staging" })).resolves.toEqual({
      code: 2,
      stdout: "",
      stderr:
        "TF_WORKSPACE is 'staging', but a cluster has one state only, in the workspace 'default'\n" +
        "unset TF_WORKSPACE; a second cluster needs another 'name' in cluster.yaml\n",
    });
  });

  test("removes the lock of a killed Terraform with --force-unlock, by its id", async () => {
    const made = project("state: { bucket: team-states }");
    const held =
      "Error: Error acquiring the state lock\\n\\nLock Info:\\n  ID:        0f90-4f34\\n  Who:       ci@killed\\n";
    made.stub(
      "terraform",
      `echo "$*" >> "${made.folder}/calls"; case "$1 $2" in version*) echo '{"terraform_version":"1.11.4"}' ;; ` +
        `"state list") echo "aws_vpc.network_vpc" ;; "state rm") printf "${held}" >&2; exit 1 ;; destroy*) ${GONE} ;; esac`,
    );
    const { code, stderr } = await destroy(made, "--force-unlock");
    expect(stderr).toContain("removed the lock of ci@killed on the state\n");
    expect(code).toBe(0);
    expect(calls(made).slice(2, 5)).toEqual([
      "state rm -dry-run -no-color -lock-timeout=0s terraform_data.none",
      "force-unlock -force 0f90-4f34",
      "state list",
    ]);
  });
});
