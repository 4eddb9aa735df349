import { copyFileSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  CreateBucketCommand,
  DeleteBucketPolicyCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutBucketEncryptionCommand,
  PutBucketPolicyCommand,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import type { ClusterOutputs } from "../../lib/model/outputs";
import type { Run } from "../../test-runs/run/run-api";
import { type Api, apiOf } from "../../simulator/account/clients";
import type { CommandResult } from "../../tools/trials/command";
import { type EmulatedCluster, succeeded } from "../../tools/trials/emulated-cluster";
import { describeEmulated } from "../helpers/emulated-suite";
import { machineOptions } from "../helpers/machine-options";
import { inventory, nothing } from "../../simulator/account/inventory";
import { StubMaster } from "../helpers/stub-master";
import { run, running } from "../test-runs/recorded-run";
import { checkReplacedMaster } from "./checks/replaced-master";

const TEAM = "results-of-the-team";
/** A key of the team's own, which encrypts that bucket. */
const KEY = "arn:aws:kms:us-east-1:123456789012:key/11111111-2222-3333-4444-555555555555";
const FOLDER = "locust-cluster/us-east-1/archived/runs/";
const REPORT = "<html>".padEnd(100_000, "x");
const OLD = "20261121-110000-old";
const ACTIVE = "20261121-120000-active";

/** What destroy and deploy do with runs, by real Terraform. The masters are stubs that listen on the machines' addresses. */
describeEmulated("the runs of a cluster that goes", (suite) => {
  let api: Api;
  let kept: EmulatedCluster;
  let givenUp: EmulatedCluster;
  let archived: EmulatedCluster;
  let master: StubMaster;
  /** As they were: Terraform forgets the outputs of a stack as soon as it begins to destroy it. */
  let outputs: ClusterOutputs;
  let bucket: string;

  const put = (Bucket: string, key: string, document: Run): Promise<unknown> =>
    Promise.all([
      api.s3.send(new PutObjectCommand({ Bucket, Key: `${key}${document.id}/report.html`, Body: REPORT })),
      api.s3.send(
        new PutObjectCommand({
          Bucket,
          Key: `${key}${document.id}/run.json`,
          Body: JSON.stringify(document),
        }),
      ),
    ]);
  const refuseRuns = (Bucket: string): Promise<unknown> => {
    const Resource = `arn:aws:s3:::${Bucket}/runs/*`;
    const Statement = { Effect: "Deny", Principal: "*", Action: "s3:GetObject", Resource };
    const Policy = JSON.stringify({ Version: "2012-10-17", Statement: [Statement] });
    return api.s3.send(new PutBucketPolicyCommand({ Bucket, Policy }));
  };
  const startMaster = () => StubMaster.start(outputs.api_token, outputs.master_public_ip, 8089);
  const atHome = (folder: string, id: string): string[] => readdirSync(join(folder, "runs", id)).sort();
  const tryToDestroy = (cluster: EmulatedCluster) =>
    cluster.cdktf("destroy", "--auto-approve", "--skip-provider-lock");

  beforeAll(async () => {
    api = apiOf(suite().aws.account);
    await api.s3.send(new CreateBucketCommand({ Bucket: TEAM }));
    const ApplyServerSideEncryptionByDefault = { SSEAlgorithm: "aws:kms", KMSMasterKeyID: KEY } as const;
    const ServerSideEncryptionConfiguration = { Rules: [{ ApplyServerSideEncryptionByDefault }] };
    await api.s3.send(new PutBucketEncryptionCommand({ Bucket: TEAM, ServerSideEncryptionConfiguration }));
    const small = "workers: { count: 0 }\n";
    kept = suite().cluster("kept", small);
    givenUp = suite().cluster("given-up", small);
    archived = suite().cluster("archived", `${small}results: { bucket: ${TEAM} }\n`);
    // Builds the environment that all share.
    succeeded(await kept.locustCluster("prepare"));
    await Promise.all([kept, givenUp, archived].map((cluster) => cluster.deploy()));

    outputs = await kept.outputs();
    ({ bucket } = outputs);
    await put(bucket, "runs/", run({ id: OLD, cluster: "kept" }));
    await put((await givenUp.outputs()).bucket, "runs/", run({ id: OLD, cluster: "given-up" }));
    master = await startMaster();
    master.add({ run: run({ id: OLD, cluster: "kept" }), files: { "report.html": REPORT } });
  });

  afterAll(() => master.stop());

  describe("a master that is to be replaced", () => {
    checkReplacedMaster({
      api: () => api,
      cluster: () => kept,
      master: () => master,
      id: ACTIVE,
      upload: (document) => put(bucket, "runs/", document),
    });
  });

  describe("destroy does not begin when a run cannot be brought home", () => {
    let before: unknown;

    beforeAll(async () => {
      before = await inventory(api);
      // The one on the bucket's copy is older, and a run is under way again.
      master.add({ run: running({ id: ACTIVE, cluster: "kept" }), files: { "timeline.csv": "time\nrow\n" } });
    });

    test("because runs/ cannot be written", async () => {
      writeFileSync(join(kept.folder, "runs"), "not a folder");
      const { code, output } = await kept.locustCluster("destroy", "--yes");
      expect(code).toBe(3);
      expect(output).toContain("nothing was destroyed; all output is in ");
      expect((await kept.locustCluster("status")).output).toContain(
        "cluster 'kept' has all its resources but no outputs",
      );
      expect(unwrapped(output)).toContain(
        `nothing was destroyed: not all runs of cluster 'kept' could be saved: runs/${OLD} cannot be created: `,
      );
      expect(output).toContain("LOCUST_CLUSTER_RESULTS_KEEP_ON_DESTROY=false");
      expect(await inventory(api)).toEqual(before);
      rmSync(join(kept.folder, "runs"));
    });

    test("because the bucket cannot be read", async () => {
      master.stop();
      await refuseRuns(bucket);
      const { code, output } = await tryToDestroy(kept);
      expect(code).not.toBe(0);
      expect(output).toContain(`run ${OLD} could not be read from the bucket: permission is missing`);
      expect(await inventory(api)).toEqual(before);
      const { Contents = [] } = await api.s3.send(
        new ListObjectsV2Command({ Bucket: bucket, Prefix: "runs/" }),
      );
      expect(Contents).toHaveLength(4);
      await api.s3.send(new DeleteBucketPolicyCommand({ Bucket: bucket }));
    });
  });

  test("the machines are told of 'results.bucket', and the master may write its own folder there and nothing else", async () => {
    const { bucket: own, nodes } = await archived.outputs();
    const current = await api.s3.send(new GetObjectCommand({ Bucket: own, Key: "bundle/current.json" }));
    expect(JSON.parse(await current.Body!.transformToString())).toMatchObject({
      results: `s3://${TEAM}/locust-cluster/us-east-1/archived/`,
    });
    const s3 = new S3Client(await machineOptions(suite().aws.account, nodes[0]!.instance_id));
    const write = (Key: string) => s3.send(new PutObjectCommand({ Bucket: TEAM, Key, Body: "{}" }));
    const theirs = FOLDER.replace("archived", "other");
    await expect(write(`${theirs}${OLD}/run.json`)).rejects.toMatchObject({ name: "AccessDenied" });
    await expect(write(`${FOLDER}${OLD}/run.json`)).resolves.toBeDefined();
  });

  describe("when all are destroyed at once, each in its own way", () => {
    let other: EmulatedCluster;
    let ownBucket: string;
    let destroyed: Record<"kept" | "givenUp" | "archived", CommandResult>;

    beforeAll(async () => {
      master = await startMaster();
      const active = running({ id: ACTIVE, cluster: "kept" });
      master.add({ run: active, files: { "timeline.csv": "time\nrow\n", "report.html": REPORT } });
      other = suite().cluster("other/clone/kept");
      copyFileSync(join(kept.folder, "cluster.yaml"), join(other.folder, "cluster.yaml"));
      const state = "terraform.kept.tfstate";
      copyFileSync(join(kept.folder, state), join(other.folder, state));

      ownBucket = (await givenUp.outputs()).bucket;
      await refuseRuns(ownBucket);
      givenUp.env["LOCUST_CLUSTER_RESULTS_KEEP_ON_DESTROY"] = "false";

      await put(TEAM, FOLDER, run({ id: OLD, cluster: "archived" }));
      const results = await Promise.all([other, givenUp, archived].map(tryToDestroy));
      destroyed = { kept: results[0]!, givenUp: results[1]!, archived: results[2]! };
    });

    test("'cdktf destroy' in another clone ends the run and brings all of them home, then nothing is left", async () => {
      const { code, output } = destroyed.kept;
      expect(code).toBe(0);
      expect(output).toContain(`stopping run ${ACTIVE}, which is under way`);
      expect(output).toContain("2 runs of cluster 'kept' in runs/, 2 fetched now");
      expect(atHome(other.folder, OLD)).toEqual(["report.html", "run.json"]);
      expect(atHome(other.folder, ACTIVE)).toEqual(["report.html", "run.json", "timeline.csv"]);
      expect(readFileSync(join(other.folder, "runs", OLD, "report.html"), "utf8")).toBe(REPORT);
      const saved = JSON.parse(readFileSync(join(other.folder, "runs", ACTIVE, "run.json"), "utf8")) as Run;
      expect(saved.state).toBe("cancelled");
      expect((await inventory(api))["buckets"]).not.toContain(bucket);
    });

    test("'results.keepOnDestroy: false' destroys a cluster whose runs cannot be read", async () => {
      succeeded(destroyed.givenUp);
      expect((await inventory(api))["buckets"]).not.toContain(ownBucket);
      expect(() => atHome(givenUp.folder, OLD)).toThrow("ENOENT");
    });

    test("'results.bucket' stays with its runs, and they are listed as before", async () => {
      succeeded(destroyed.archived);
      expect(await inventory(api)).toEqual({ ...nothing, buckets: [TEAM] });
      expect(() => atHome(archived.folder, OLD)).toThrow("ENOENT");
      const { stdout } = succeeded(await archived.locustCluster("runs"));
      expect(stdout).toMatch(/20261121-110000-old .* bucket\n$/);
      succeeded(await archived.locustCluster("pull", OLD));
      expect(atHome(archived.folder, OLD)).toEqual(["report.html", "run.json"]);
    });
  });

  test("a 'results.bucket' that is not there is told before anything is made", async () => {
    archived.env["LOCUST_CLUSTER_RESULTS_BUCKET"] = "nobody-has-this-bucket";
    const { code, output } = await archived.tryToDeploy();
    expect(code).not.toBe(0);
    expect(unwrapped(output)).toContain(
      "'results.bucket' names nobody-has-this-bucket, which does not exist",
    );
    expect(await inventory(api)).toEqual({ ...nothing, buckets: [TEAM] });
  });
});

/** Terraform breaks the lines in its frames. */
function unwrapped(output: string): string {
  return output.replace(/\n[^\S\n]*│?[^\S\n]*/g, " ");
}
