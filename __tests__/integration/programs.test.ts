import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type EmulatedCluster, succeeded } from "../../tools/trials/emulated-cluster";
import { describeEmulated } from "../helpers/emulated-suite";

describeEmulated("the infrastructure program", (suite) => {
  let cluster: EmulatedCluster;

  beforeAll(() => {
    // Terraform would evaluate these, if they were written as they are.
    cluster = suite().cluster("synthesis", 'locust: { host: "http://${host}" }\n');
    cluster.env["LOCUST_CLUSTER_LOCUST_EXTRA_ARGS"] = '["--users=${USER}", "%{if}"]';
  });

  test("runs as 'npx ts-node main.ts' and honours CDKTF_OUTDIR", async () => {
    const outdir = join(suite().scratch, "elsewhere");
    cluster.env["CDKTF_OUTDIR"] = outdir;
    succeeded(await cluster.run("npx", "ts-node", "main.ts"));
    delete cluster.env["CDKTF_OUTDIR"];
    const stack = JSON.parse(
      readFileSync(join(outdir, "stacks", "synthesis", "cdk.tf.json"), "utf8"),
    ) as object;
    expect(stack).toHaveProperty("resource.aws_instance");
    expect(existsSync(join(cluster.folder, "cdktf.out"))).toBe(false);
  });

  test("exits with 2 and one sentence on a wrong setting", async () => {
    cluster.env["LOCUST_CLUSTER_WORKERS_COUNT"] = "501";
    const { code, output } = await cluster.run("npx", "ts-node", "main.ts");
    delete cluster.env["LOCUST_CLUSTER_WORKERS_COUNT"];
    expect(code).toBe(2);
    expect(output).toMatch(/'workers\.count'.*500.*501/);
    expect(output).not.toContain("    at ");
  });

  test("'cdktf synth --hcl' writes HCL that Terraform takes", async () => {
    succeeded(await cluster.cdktf("synth", "--hcl"));
    const folder = join(cluster.folder, "cdktf.out", "stacks", "synthesis");
    const written = (): string[] => readdirSync(folder).filter((name) => name.startsWith("cdk.tf"));
    expect(written()).toEqual(["cdk.tf"]);
    succeeded(await cluster.terraform("init", "-input=false", "-backend=false"));
    succeeded(await cluster.terraform("validate"));

    // What was written in one form does not stand beside the other.
    succeeded(await cluster.cdktf("synth"));
    expect(written()).toEqual(["cdk.tf.json"]);
    succeeded(await cluster.terraform("validate"));
  });
});
