import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { StubDeployments } from "../stub-deployments";
import { awsFailure, CALLER } from "../stub-aws";
import { type StubProject } from "../stub-project";

const OPEN_PAGE =
  'warning: anyone can reach the page (it asks for a login); to admit only your address, set access.webCidrs: ["<your address>/32"] ' +
  "in cluster.yaml. 'curl https://checkip.amazonaws.com' shows your address\n";

jest.setTimeout(60_000);

const deployments = new StubDeployments();
const project = deployments.project.bind(deployments);
const aws = deployments.aws.bind(deployments);

describe("deploy says what is missing", () => {
  test("Terraform", async () => {
    const { folder, programs, run } = bound(project());
    rmSync(join(programs, "terraform"));
    await expect(run(["deploy"])).resolves.toEqual({
      code: 2,
      stdout: "",
      stderr:
        "'terraform' was not found on the PATH\n" +
        "install Terraform 1.10 or newer: https://developer.hashicorp.com/terraform/install\n",
    });
    expect(() => readFileSync(join(folder, "calls"))).toThrow("ENOENT");
  });

  test("a newer Terraform", async () => {
    const made = project();
    made.stub("terraform", 'echo \'{"terraform_version":"1.9.8"}\'');
    await expect(made.run(["deploy"])).resolves.toEqual({
      code: 2,
      stdout: "",
      stderr:
        "Terraform 1.10 or newer is needed, 'terraform' is 1.9.8\n" +
        "install a newer one: https://developer.hashicorp.com/terraform/install\n",
    });
  });

  test("credentials", async () => {
    await expect(project().run(["deploy"])).resolves.toEqual({
      code: 2,
      stdout: "",
      stderr:
        "cannot log in to AWS: no AWS credentials found\n" +
        "run 'aws configure', or set AWS_PROFILE or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY\n",
    });
  });

  test("credentials that have not expired", async () => {
    const env = await aws({
      GetCallerIdentity: awsFailure(403, "ExpiredToken", "The security token is expired"),
    });
    await expect(project().run(["deploy"], env)).resolves.toEqual({
      code: 2,
      stdout: "",
      stderr:
        "cannot log in to AWS: the AWS credentials have expired\n" +
        "log in again, e.g. with 'aws sso login', or renew the keys in your environment\n",
    });
  });

  test("a way to AWS", async () => {
    const env = { ...(await aws({})), AWS_ENDPOINT_URL: "http://127.0.0.1:9" };
    const { code, stderr } = await project().run(["deploy"], env);
    expect(code).toBe(2);
    expect(stderr).toMatch(
      /^cannot log in to AWS: cannot reach AWS \(127\.0\.0\.1:\d+: ECONNREFUSED\)\ncheck the network, and 'region' in cluster.yaml\n$/,
    );
  });

  test("a region that the account has enabled, and nothing else of that region", async () => {
    const regions =
      "<regionInfo><item><regionName>eu-south-1</regionName><optInStatus>not-opted-in</optInStatus></item></regionInfo>";
    const env = await aws({
      GetCallerIdentity: CALLER,
      DescribeRegions: {
        status: 200,
        body: `<DescribeRegionsResponse>${regions}</DescribeRegionsResponse>`,
      },
    });
    const fleets = { LOCUST_CLUSTER_FLEETS: "{ eu: { region: eu-south-1 } }" };
    await expect(project().run(["deploy"], { ...env, ...fleets })).resolves.toEqual({
      code: 2,
      stdout: "",
      stderr:
        "cluster 'locust' in us-east-1, account 123456789012\n" +
        "'fleets.eu.region' names eu-south-1, a region that this account has not enabled\n" +
        "enable it in AWS's console (Account, AWS Regions), which takes minutes to hours, or choose another region\n",
    });
  });

  test("room in the vCPU quota", async () => {
    const env = await aws({ GetCallerIdentity: CALLER, ...ACCOUNT });
    await expect(project().run(["deploy"], env)).resolves.toEqual({
      code: 2,
      stdout: "",
      stderr:
        "cluster 'locust' in us-east-1, account 123456789012\n" +
        "the cluster needs 6 vCPUs, but 4 of the 5 that this account may run in us-east-1 are in use\n" +
        "lower 'workers.count', choose smaller types, or ask for more in us-east-1: https://console.aws.amazon.com/servicequotas (Running On-Demand Standard instances)\n",
    });
  });

  test("Python; a quota that is not told is a warning only", async () => {
    const refused = { status: 400, body: '{"__type":"AccessDeniedException","message":"not authorized"}' };
    const env = await aws({ GetCallerIdentity: CALLER, ...ACCOUNT, GetServiceQuota: refused });
    await expect(project().run(["deploy"], env)).resolves.toEqual({
      code: 2,
      stdout: "",
      stderr:
        "cluster 'locust' in us-east-1, account 123456789012\n" +
        "warning: the vCPU quota in us-east-1 was not checked: permission is missing (not authorized)\n" +
        OPEN_PAGE +
        "Python 3.11 or newer is needed, none is on the PATH\n" +
        "install it, on Debian and Ubuntu with 'sudo apt install python3 python3-venv', on macOS with 'brew install python'\n",
    });
  });
});

/** One stranger's instance of 4 vCPUs; one of this cluster, a GPU and a spot instance, which do not count. */
const RUNNING = `<reservationSet>${[
  ["c7g.xlarge", "<key>Name</key><value>other</value>", ""],
  ["c7g.large", "<key>locust-cluster-name</key><value>locust</value>", ""],
  ["g5.xlarge", "<key>Name</key><value>gpu</value>", ""],
  ["c7g.xlarge", "<key>Name</key><value>spot</value>", "<instanceLifecycle>spot</instanceLifecycle>"],
]
  .map(
    ([type, tag, lifecycle]) =>
      `<item><instancesSet><item><instanceType>${type}</instanceType><tagSet><item>${tag}</item></tagSet>${lifecycle}` +
      "<cpuOptions><coreCount>4</coreCount><threadsPerCore>1</threadsPerCore></cpuOptions></item></instancesSet></item>",
  )
  .join("")}</reservationSet>`;

const TYPES = ["t4g.small", "c7g.large"]
  .map(
    (type) =>
      `<item><instanceType>${type}</instanceType><vCpuInfo><defaultVCpus>2</defaultVCpus></vCpuInfo></item>`,
  )
  .join("");

/** An account with a quota of 5 vCPUs. */
const ACCOUNT = {
  GetServiceQuota: { status: 200, body: '{"Quota":{"Value":5}}' },
  DescribeInstanceTypes: {
    status: 200,
    body: `<DescribeInstanceTypesResponse><instanceTypeSet>${TYPES}</instanceTypeSet></DescribeInstanceTypesResponse>`,
  },
  DescribeInstances: {
    status: 200,
    body: `<DescribeInstancesResponse>${RUNNING}</DescribeInstancesResponse>`,
  },
};

function bound(made: StubProject) {
  return { folder: made.folder, programs: made.programs, run: made.run.bind(made) };
}
