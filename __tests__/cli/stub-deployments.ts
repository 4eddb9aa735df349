import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import type { Server } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ClusterOutputs } from "../../lib/model/outputs";
import { OUTPUTS } from "./recorded-cluster";
import { CALLER, serveAws } from "./stub-aws";
import { linkPackages, runCli, StubProject } from "./stub-project";

/** What Terraform says when everything is gone, as a shell script. */
export const GONE =
  'echo "aws_vpc.vpc: Destruction complete after 1s"; echo "Destroy complete! Resources: 42 destroyed."';

/** Calls that find nothing there. */
const LISTS = [
  ...["Addresses", "Instances", "InternetGateways", "KeyPairs", "RouteTables"],
  ...["SecurityGroupRules", "SecurityGroups", "Subnets", "VpcEndpoints", "Vpcs"],
].map((things) => `Describe${things}`);

/** An account in which nobody has made anything. */
export const EMPTY_ACCOUNT = {
  GetCallerIdentity: CALLER,
  ...Object.fromEntries(
    [...LISTS, "ListRoles", "ListInstanceProfiles"].map((call) => [
      call,
      { status: 200, body: `<${call}Response><${call}Result/></${call}Response>` },
    ]),
  ),
  // S3's calls have no name: that of all buckets.
  GET: { status: 200, body: "<ListAllMyBucketsResult><Buckets/></ListAllMyBucketsResult>" },
};

/** The ledger of a cluster whose machines have not reported: S3's calls have no name. */
export const NO_RECORDS = { GET: { status: 200, body: "<ListBucketResult/>" } };

/** Projects and AWS for tests on deployed clusters, with a stub in the place of Terraform; gone after the tests. */
export class StubDeployments {
  private scratch = "";
  private packages = "";
  private count = 0;
  private readonly servers: Server[] = [];

  /** Called by the test file, at its top. */
  constructor() {
    beforeAll(async () => {
      this.scratch = mkdtempSync(join(tmpdir(), "locust-cluster-deploy-"));
      this.packages = linkPackages(this.scratch);
      await runCli(["--version"]); // compiles, if a source has changed
    }, 120_000);
    afterEach(() => {
      for (const server of this.servers.splice(0)) server.close();
    });
    afterAll(() => {
      rmSync(this.scratch, { recursive: true });
    });
  }

  project(config = ""): StubProject {
    this.count += 1;
    const made = new StubProject(join(this.scratch, String(this.count)), this.packages, config);
    made.stubTerraform('echo "must not be called" >&2; exit 9');
    return made;
  }

  /** Whose Terraform tells the outputs of a cluster. */
  deployed(more: Partial<ClusterOutputs> = {}): StubProject {
    const made = this.project();
    made.stubOutputs({ ...OUTPUTS, ...more });
    return made;
  }

  async aws(answers: Parameters<typeof serveAws>[0]): Promise<NodeJS.ProcessEnv> {
    const { server, env } = await serveAws(answers);
    this.servers.push(server);
    return env;
  }

  /** `destroy --yes`, by somebody with credentials. */
  async destroy(made: StubProject, ...args: string[]) {
    return made.run(["destroy", "--yes", ...args], await this.aws(EMPTY_ACCOUNT));
  }
}

/** How Terraform was called, in order. */
export function calls(made: StubProject): string[] {
  return readFileSync(join(made.folder, "calls"), "utf8").trim().split("\n");
}
