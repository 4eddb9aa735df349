import { join } from "node:path";
import {
  CreateBucketCommand,
  DeleteObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
} from "@aws-sdk/client-s3";
import { type Api, apiOf } from "../../simulator/account/clients";
import { makeBarePath } from "../helpers/bare-path";
import { takeAway } from "../../tools/trials/clone";
import { type EmulatedCluster, succeeded } from "../../tools/trials/emulated-cluster";
import { describeEmulated } from "../helpers/emulated-suite";
import { inventory, nothing } from "../../simulator/account/inventory";

const STATE = "states-of-the-team";
const STATE_KEY = "locust-cluster/us-east-1/team.tfstate";

/**
 * Four clusters in one account, two of them from one clone, deployed at the same time. Before each of the other three is
 * destroyed, something is taken away.
 */
describeEmulated("clusters side by side in one account", (suite) => {
  let api: Api;
  let plain: EmulatedCluster;
  let team: EmulatedCluster;
  let byCli: EmulatedCluster;

  const locustCluster = async (...args: string[]): Promise<string> =>
    succeeded(await byCli.locustCluster(...args)).output;
  /** Another cluster of the same clone. */
  const second = async (...args: string[]): Promise<string> => {
    const command = ["LOCUST_CLUSTER_NAME=second", "node", "bin/locust-cluster.js", ...args];
    return succeeded(await byCli.run("env", ...command)).output;
  };
  const bucketsOf = async ({ name }: EmulatedCluster): Promise<string[]> =>
    ((await inventory(api))["buckets"] ?? []).filter((bucket) => bucket.startsWith(`${name}-`));

  beforeAll(async () => {
    api = apiOf(suite().aws.account);
    await api.s3.send(new CreateBucketCommand({ Bucket: STATE }));
    const small = "workers: { count: 0 }\n";
    plain = suite().cluster("plain", small);
    team = suite().cluster("team", `${small}state: { bucket: ${STATE} }\n`);
    byCli = suite().cluster("by-cli", small);
    byCli.output = "cdktf.out.by-cli";

    // Builds the environment that all share; from then on no command may reach beyond this machine.
    await locustCluster("prepare");
    for (const { env } of [plain, team, byCli]) Object.assign(env, suite().offline);
    await Promise.all([
      second("deploy", "--no-wait"),
      locustCluster("deploy", "--no-wait"),
      plain.deploy(),
      team.deploy(),
    ]);
  });

  test("each has machines, a bucket and a login of its own", async () => {
    const all = await Promise.all([plain, team, byCli].map((cluster) => cluster.outputs()));
    for (const key of ["master_url", "bucket", "private_key", "web_password", "api_token"] as const)
      expect(new Set(all.map((outputs) => outputs[key])).size).toBe(3);
    // That of `second` too.
    expect((await inventory(api))["instances"]).toHaveLength(4);
  });

  test("'state.bucket' keeps the state in S3, not locked any more", async () => {
    const { Contents = [] } = await api.s3.send(new ListObjectsV2Command({ Bucket: STATE }));
    expect(Contents.map(({ Key }) => Key)).toEqual([STATE_KEY]);
  });

  test("the lock of a killed deploy keeps others out, and '--terraform-arg=-lock=false' passes it over and finds nothing to change", async () => {
    const lock = { Bucket: STATE, Key: `${STATE_KEY}.tflock` };
    const held = {
      ID: "9c2c8b1e-0f9c-4a5d-8f0e-2b8f1d3c7a11",
      Operation: "OperationTypeApply",
      Who: "ci@killed",
    };
    await api.s3.send(new PutObjectCommand({ ...lock, Body: JSON.stringify(held) }));
    const { code, output } = await team.terraform("plan", "-input=false", "-lock-timeout=0s");
    expect(code).toBe(1);
    expect(output).toContain("Error acquiring the state lock");
    const passing = await team.locustCluster(
      "deploy",
      "--no-wait",
      "--verbose",
      "--terraform-arg=-lock=false",
    );
    expect(succeeded(passing).output).toContain("0 added, 0 changed, 0 destroyed");
    // Terraform says so only if the outputs stay too: a plan of its own would tell no more.
    expect(passing.output).toContain("No changes. Your infrastructure matches the configuration.");
    await api.s3.send(new DeleteObjectCommand(lock));
  });

  test("'locust-cluster status' shows the cluster that was deployed with it", async () => {
    const { output } = await byCli.locustCluster("status");
    expect(output).toContain("master");
    expect(output).toContain((await byCli.outputs()).master_url);
  });

  test("'cdktf diff' finds nothing to change after 'locust-cluster deploy'", async () => {
    expect(succeeded(await byCli.cdktf("diff", "--skip-provider-lock")).output).toContain("No changes.");
  });

  test("a cluster that was deployed in the same clone meanwhile, and is destroyed during a deploy, does not meet the other", async () => {
    const [destroyed] = await Promise.all([
      second("destroy", "--yes"),
      locustCluster("deploy", "--no-wait"),
      byCli.cdktf("synth"),
    ]);
    expect(destroyed).toContain("cluster 'second' is gone");
    expect((await inventory(api))["instances"]).toHaveLength(3);
    expect(await byCli.plan()).toEqual([]);
  });

  describe("when they are destroyed", () => {
    /** All at once, for time; each test waits for its own. */
    let destroyed: { readonly plain: Promise<void>; readonly team: Promise<void> };

    test("'locust-cluster destroy --yes' works without package index and cache, and leaves the others alone", async () => {
      takeAway(byCli.folder, ".cache");
      await locustCluster("destroy", "--yes");
      expect(await bucketsOf(byCli)).toEqual([]);
      expect((await inventory(api))["instances"]).toHaveLength(2);
    });

    test("'cdktf destroy' works without Python, package index, cache and what was synthesized", async () => {
      plain.env["PATH"] = makeBarePath(join(suite().scratch, "bare-path"));
      takeAway(plain.folder, ".cache");
      takeAway(plain.folder, "cdktf.out");
      takeAway(team.folder, "locust");
      destroyed = { plain: plain.destroy(), team: team.destroy() };
      await Promise.all([destroyed.plain, destroyed.team.catch(() => undefined)]);
      expect(await bucketsOf(plain)).toEqual([]);
    });

    test("'cdktf destroy' works without the test, with its state in S3", async () => {
      await destroyed.team;
      expect(await bucketsOf(team)).toEqual([]);
    });

    test("nothing is left but the team's own bucket of states", async () => {
      expect(await inventory(api)).toEqual({ ...nothing, buckets: [STATE] });
    });
  });
});
