import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import type { Server } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { awsFailure, CALLER, linkPackages, runCli, serveAws, StubProject } from "./stub-project";

/** `deploy` and `destroy` with stubs in the place of Terraform and AWS. */
const OPEN_PAGE =
  'warning: the page will be open to every address, behind its login; to close it to your own, set access.webCidrs: ["<your address>/32"] ' +
  "in cluster.yaml ('curl https://checkip.amazonaws.com' tells your address)\n";

jest.setTimeout(60_000);

let scratch: string;
let packages: string;
let count = 0;
const servers: Server[] = [];

beforeAll(async () => {
  scratch = mkdtempSync(join(tmpdir(), "locust-cluster-deploy-"));
  packages = linkPackages(scratch);
  await runCli(["--version"]); // compiles, if a source has changed
}, 120_000);

afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

afterAll(() => {
  rmSync(scratch, { recursive: true });
});

function project(config = ""): StubProject {
  count += 1;
  const made = new StubProject(join(scratch, String(count)), packages, config);
  made.stubTerraform('echo "must not be called" >&2; exit 9');
  return made;
}

async function aws(answers: Parameters<typeof serveAws>[0]): Promise<NodeJS.ProcessEnv> {
  const { server, env } = await serveAws(answers);
  servers.push(server);
  return env;
}

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
        "AWS credentials cannot be used: no AWS credentials were found\n" +
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
        "AWS credentials cannot be used: the AWS credentials have expired\n" +
        "log in again, e.g. with 'aws sso login', or renew the keys in your environment\n",
    });
  });

  test("a way to AWS", async () => {
    const env = { ...(await aws({})), AWS_ENDPOINT_URL: "http://127.0.0.1:9" };
    const { code, stderr } = await project().run(["deploy"], env);
    expect(code).toBe(2);
    expect(stderr).toMatch(
      /^AWS credentials cannot be used: AWS could not be reached \(ECONNREFUSED: .*\)\ncheck the network, and 'region' in cluster.yaml\n$/,
    );
  });

  test("room in the vCPU quota", async () => {
    const env = await aws({ GetCallerIdentity: CALLER, ...ACCOUNT });
    await expect(project().run(["deploy"], env)).resolves.toEqual({
      code: 2,
      stdout: "",
      stderr:
        "cluster 'locust' in us-east-1, account 123456789012\n" +
        "the cluster needs 6 vCPUs, but 4 of the 5 that this account may run in us-east-1 are in use\n" +
        "lower workers.count, choose smaller types, or ask for more: https://console.aws.amazon.com/servicequotas (Running On-Demand Standard instances)\n",
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
        "warning: the vCPU quota was not checked: permission is missing (not authorized)\n" +
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

describe("destroy", () => {
  test("asks, and without a terminal wants --yes", async () => {
    const env = await aws({ GetCallerIdentity: CALLER });
    await expect(project().run(["destroy"], env)).resolves.toEqual({
      code: 2,
      stdout: "",
      stderr: "destroy asks before it removes anything, and nobody can answer here: add --yes\n",
    });
  });

  const gone =
    'echo "aws_vpc.vpc: Destruction complete after 1s"; echo "Destroy complete! Resources: 42 destroyed."';
  const destroy = async (made: StubProject, ...args: string[]) =>
    made.run(["destroy", "--yes", ...args], await aws({ GetCallerIdentity: CALLER }));

  test("works without Python, locustfile and cache", async () => {
    const made = project("name: shop\n");
    rmSync(join(made.folder, "locust"), { recursive: true });
    made.stubTerraform(gone);
    await expect(destroy(made, "--terraform-arg=-parallelism=3")).resolves.toEqual({
      code: 0,
      stdout: "",
      stderr:
        "  aws_vpc.vpc: Destruction complete after 1s\n  Destroy complete! Resources: 42 destroyed.\ncluster 'shop' is gone\n",
    });
    expect(calls(made)).toEqual([
      "version -json",
      "init -input=false -no-color",
      "state list",
      "destroy -auto-approve -input=false -no-color -lock-timeout=60s -parallelism=3",
    ]);
    expect(existsSync(join(made.folder, "cdktf.out.shop", "stacks", "shop", "cdk.tf.json"))).toBe(true);
  });

  test("makes Terraform ready once, and again after a failure", async () => {
    const made = project();
    const inits = () => calls(made).filter((call) => call.startsWith("init")).length;
    made.stubTerraform(gone);
    for (const _ of [1, 2]) await destroy(made);
    expect(inits()).toBe(1);
    made.stubTerraform("exit 1");
    for (const _ of [1, 2]) await destroy(made);
    expect(inits()).toBe(2);
  });

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

  test("says the new name of an option", async () => {
    const { code, stderr } = await project().run(["destroy", "--cdktf-arg=-x"]);
    expect(code).toBe(2);
    expect(stderr).toContain("Its name is --terraform-arg now: what follows it goes to Terraform.");
  });

  test("is no success when there is nothing, and names the clusters that are here", async () => {
    const made = project();
    made.stub("terraform", '[ "$1" = version ] && echo \'{"terraform_version":"1.11.4"}\'; true');
    writeFileSync(join(made.folder, "terraform.alpha.tfstate"), '{"resources":[{}]}');
    await expect(destroy(made)).resolves.toEqual({
      code: 2,
      stdout: "",
      stderr:
        "there is no cluster 'locust' to destroy; deployed from this folder: alpha\n" +
        "choose one by its name: LOCUST_CLUSTER_NAME=alpha npx locust-cluster destroy\n",
    });
  });

  test.each(["deploy", "destroy", "status"])(
    "%s names a state that a kill left empty, and its backup",
    async (command) => {
      const made = project();
      writeFileSync(join(made.folder, "terraform.locust.tfstate"), "");
      writeFileSync(join(made.folder, "terraform.locust.tfstate.backup"), '{"resources":[{}]}');
      const { code, stderr } = await made.run([command], await aws({ GetCallerIdentity: CALLER }));
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
    made.stubTerraform(gone);
    const { code, stderr } = await destroy(made);
    expect(stderr).toContain(
      "terraform.locust.tfstate was broken, and is restored from terraform.locust.tfstate.backup\n",
    );
    expect(readFileSync(file, "utf8")).toBe('{"resources":[{}]}');
    expect(code).toBe(0);
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
        `the cluster was not destroyed completely; all output is in ${log}\n` +
        "mend the error above and run 'npx locust-cluster destroy' again\n",
    );
    expect(readFileSync(log, "utf8")).toContain("hidden");
  });

  test("shows the end of the log when Terraform fails in words of its own", async () => {
    const made = project();
    made.stubTerraform('echo "panic: something in Terraform" >&2; exit 1');
    expect((await destroy(made)).stderr.split("\n")[0]).toBe("  panic: something in Terraform");
  });

  test("repeats the choice of the cluster in what to type next", async () => {
    const made = project();
    made.stubTerraform("exit 1");
    const env = { ...(await aws({ GetCallerIdentity: CALLER })), LOCUST_CLUSTER_NAME: "alpha" };
    const { stderr } = await made.run(["destroy", "--yes"], env);
    expect(stderr).toContain("run 'LOCUST_CLUSTER_NAME=alpha npx locust-cluster destroy' again");
  });

  describe("with a Terraform that takes its time", () => {
    /** It ends when the file `go` is there. */
    const slow = (made: StubProject): void => {
      made.link("sleep");
      made.stubTerraform(
        `echo "aws_vpc.vpc: Still destroying..."; while [ ! -e "${made.folder}/go" ]; do sleep 0.1; done; ${gone}`,
      );
    };
    const record = (made: StubProject) => join(made.folder, ".cache", "locust", "terraform.json");
    const begun = async (made: StubProject): Promise<void> => {
      while (!existsSync(record(made))) await sleep(50);
    };

    test("lets it end when the command line is killed, and the next command shows and awaits it", async () => {
      const made = project();
      slow(made);
      const env = await aws({ GetCallerIdentity: CALLER });
      const killed = made.start(["destroy", "--yes"], env);
      await begun(made);
      killed.kill("SIGKILL");
      const next = made.run(["destroy", "--yes"], env);
      await sleep(1_000);
      writeFileSync(join(made.folder, "go"), "");
      const { code, stderr } = await next;
      expect(stderr).toMatch(
        /^a destroy of cluster 'locust' is under way since \d\d:\d\d:\d\d \(process \d+\): waiting for its end, Ctrl-C stops waiting\n {2}aws_vpc.vpc: Still destroying...\n {2}aws_vpc.vpc: Destruction complete after 1s\n/,
      );
      expect(code).toBe(0);
      expect(calls(made).filter((call) => call.startsWith("destroy "))).toHaveLength(2);
    });

    test("says while it is at work what is under way", async () => {
      const made = project();
      slow(made);
      const killed = made.start(["destroy", "--yes"], await aws({ GetCallerIdentity: CALLER }));
      await begun(made);
      killed.kill("SIGKILL");
      writeFileSync(join(made.folder, "terraform.locust.tfstate"), "{}");
      const { code, stderr } = await made.run(["status"]);
      expect(code).toBe(2);
      expect(stderr).toMatch(
        /^a destroy of cluster 'locust' is under way since .*\n'npx locust-cluster destroy' shows it and waits for its end\n$/,
      );
      writeFileSync(join(made.folder, "go"), "");
    });

    test("asks it once to stop in order", async () => {
      const made = project();
      made.link("sleep");
      made.stubTerraform(
        `trap 'echo "Interrupt received." >> "${made.folder}/told"; kept=1' INT; while [ -z "$kept" ]; do sleep 0.1; done; exit 1`,
      );
      const interrupted = made.start(["destroy", "--yes"], await aws({ GetCallerIdentity: CALLER }));
      await begun(made);
      await sleep(500);
      for (const _ of [1, 2]) interrupted.kill("SIGINT");
      const code = await new Promise((resolve) => interrupted.once("close", resolve));
      expect(code).toBe(130);
      expect(readFileSync(join(made.folder, "told"), "utf8")).toBe("Interrupt received.\n");
    });
  });
});

function calls(made: StubProject): string[] {
  return readFileSync(join(made.folder, "calls"), "utf8").trim().split("\n");
}

function bound(made: StubProject) {
  return { folder: made.folder, programs: made.programs, run: made.run.bind(made) };
}
