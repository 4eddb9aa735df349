import { calls, EMPTY_ACCOUNT, StubDeployments } from "../../stub-deployments";

jest.setTimeout(60_000);

const deployments = new StubDeployments();

/** One VPC of whoever asks: the account cannot tell for which mark it was asked. */
const VPC = {
  status: 200,
  body: "<DescribeVpcsResponse><vpcSet><item><vpcId>vpc-1</vpcId></item></vpcSet></DescribeVpcsResponse>",
};

/** `status` with a state in S3. The HTTP status is S3's answer for the lock. */
async function status(lock: number) {
  const made = deployments.project("state: { bucket: team-states }");
  made.stubTerraform("exit 1");
  const env = await deployments.aws({
    ...EMPTY_ACCOUNT,
    DescribeVpcs: VPC,
    HEAD: { status: lock, body: "" },
  });
  const { stderr } = await made.run(["status"], env);
  return { stderr, asked: calls(made) };
}

describe("status, with a state that is shared", () => {
  test("lists what is left, and takes no lock", async () => {
    const { stderr, asked } = await status(404);
    expect(stderr).toContain(
      "a killed deploy of cluster 'locust' left 1 resource that Terraform does not know:\n  VPC vpc-1\n",
    );
    expect(asked.filter((call) => call.startsWith("state"))).toEqual([
      "state list",
      "state pull",
      "state pull",
    ]);
  });

  test.each([
    [200, "another Terraform is using the state, or was killed"],
    [403, "the lock of the state could not be read (HTTP 403)"],
  ])("neither waits nor judges when S3 answers %d for the lock", async (lock, reason) => {
    const { stderr, asked } = await status(lock);
    expect(stderr).toContain(`could not check for resources left by a killed deploy: ${reason}\n`);
    expect(stderr).not.toContain("vpc-1");
    expect(asked.filter((call) => call.startsWith("state rm"))).toEqual([]);
  });
});
