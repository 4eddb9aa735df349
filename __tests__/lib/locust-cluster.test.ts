import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AwsProvider, type AwsProviderConfig } from "@cdktf/provider-aws/lib/provider";
import { TlsProvider } from "@cdktf/provider-tls/lib/provider";
import { S3Bucket } from "@cdktf/provider-aws/lib/s3-bucket";
import { App, TerraformStack, TerraformVariable, Testing } from "cdktf";
import { LocustCluster, type LocustClusterProps } from "../../lib/locust-cluster";
import { loadCluster } from "../../lib/model/config";
import { projectRoot } from "../../lib/model/project";
import { resource, resources, type Synthesized } from "./synth";

const OUTDIR = join(projectRoot(), "cdktf.out");

/** A stack of somebody else, with clusters by their ids. */
function stackWith(clusters: Readonly<Record<string, LocustClusterProps>>, outdir = OUTDIR): TerraformStack {
  const stack = new TerraformStack(new App({ outdir }), "shop");
  new AwsProvider(stack, "aws", { region: "eu-central-1" });
  new TlsProvider(stack, "tls");
  new S3Bucket(stack, "images", { bucket: "images" });
  for (const [id, props] of Object.entries(clusters)) new LocustCluster(stack, id, props);
  return stack;
}

function synth(clusters: Readonly<Record<string, LocustClusterProps>>): Synthesized {
  return JSON.parse(Testing.synth(stackWith(clusters), true)) as Synthesized;
}

/** Address of the one resource of a type whose name begins so. */
function find(stack: Synthesized, type: string, beginning: string): string {
  const found = resources(stack, type).filter(([address]) => address.startsWith(`${type}.${beginning}`));
  expect(found).toHaveLength(1);
  return found[0]![0];
}

describe("LocustCluster", () => {
  test("makes its cluster beside what else the stack has", () => {
    const stack = synth({ load: { name: "load", workers: { count: 3, instanceType: "c7g.xlarge" } } });
    const workers = resource(stack, find(stack, "aws_instance", "load_workers_instance_"));
    expect(Object.keys(workers["for_each"] as object)).toHaveLength(3);
    expect(workers).toMatchObject({ instance_type: "c7g.xlarge" });
    expect(resource(stack, "aws_s3_bucket.images")).toMatchObject({ bucket: "images" });
  });

  test("tags what it makes, and nothing else", () => {
    const stack = synth({ load: { name: "load", tags: { team: "checkout" } } });
    expect(resource(stack, find(stack, "aws_vpc", "load_"))).toMatchObject({
      tags: {
        Name: "load",
        team: "checkout",
        "locust-cluster-name": "load",
        "locust-cluster-state": expect.stringContaining("local:") as unknown,
      },
    });
    expect(resource(stack, "aws_s3_bucket.images")["tags"]).toBeUndefined();
  });

  test("saves its runs before its own resources go, and waits for nothing else", () => {
    const stack = synth({ load: {} });
    const home = resource(stack, find(stack, "terraform_data", "load_results_home_"));
    expect(home.depends_on).toContain(find(stack, "aws_instance", "load_master_instance_"));
    expect(home.depends_on).not.toContain("aws_s3_bucket.images");
  });

  test("lives in the region of the stack's provider", () => {
    expect(userDataOf(synth({ load: {} }))).toContain("\nREGION='eu-central-1'\n");
  });

  test("fails when another region is asked for", () => {
    expect(() => stackWith({ load: { region: "us-east-1" } })).toThrow(
      "LocustCluster 'load': 'region' is us-east-1, but the AWS provider of the stack works in eu-central-1: leave 'region' out",
    );
  });

  describe("with a provider whose region synthesis does not know", () => {
    const clusterIn = (
      regionOfProvider: (stack: TerraformStack) => string | undefined,
      props: LocustClusterProps,
    ) => {
      const stack = new TerraformStack(new App({ outdir: OUTDIR }), "shop");
      new AwsProvider(stack, "aws", { region: regionOfProvider(stack) });
      new TlsProvider(stack, "tls");
      new LocustCluster(stack, "load", props);
      return JSON.parse(Testing.synth(stack, true)) as Synthesized;
    };

    test.each([
      ["none", () => undefined],
      ["a variable", (stack: TerraformStack) => new TerraformVariable(stack, "place", {}).stringValue],
    ])("%s: asks for it", (_, region) => {
      expect(() => clusterIn(region, {})).toThrow(
        /^LocustCluster 'load': the stack has no AWS provider with a 'region' that is known at synthesis: set 'region'/,
      );
    });

    test("lives in the region that is given", () => {
      expect(userDataOf(clusterIn(() => undefined, { region: "eu-west-1" }))).toContain(
        "\nREGION='eu-west-1'\n",
      );
    });
  });

  describe("with a fleet in another region", () => {
    const fleets = { west: { region: "eu-west-1" } };
    const withProvider = (config: AwsProviderConfig | undefined) => {
      const stack = new TerraformStack(new App({ outdir: OUTDIR }), "shop");
      new AwsProvider(stack, "aws", { region: "eu-central-1" });
      new TlsProvider(stack, "tls");
      const providers = config && { "eu-west-1": new AwsProvider(stack, "aws-west", config) };
      new LocustCluster(stack, "load", { fleets, providers });
      return JSON.parse(Testing.synth(stack, true)) as Synthesized;
    };

    test("works there with the stack's provider", () => {
      const stack = withProvider({ region: "eu-west-1", alias: "ireland" });
      const group = resource(
        stack,
        find(stack, "aws_autoscaling_group", "load_region-eu-west-1_fleet-west_"),
      );
      expect(group["provider"]).toBe("aws.ireland");
    });

    test.each([
      [
        undefined,
        "a fleet is in eu-west-1: give an AWS provider with an alias that works there as 'providers[\"eu-west-1\"]'",
      ],
      [
        { region: "eu-west-1" },
        "'providers[\"eu-west-1\"]' must have an alias and work in eu-west-1, got one without an alias",
      ],
      [
        { region: "eu-west-2", alias: "west" },
        "'providers[\"eu-west-1\"]' must have an alias and work in eu-west-1, got one in eu-west-2",
      ],
    ])("fails with the provider %j", (config, message) => {
      expect(() => withProvider(config)).toThrow(`LocustCluster 'load': ${message}`);
    });
  });

  test("fails with a sentence for each setting that is wrong", () => {
    const props = { workers: { count: -1, number: 3 }, network: { zones: 9 } } as LocustClusterProps;
    expect(() => stackWith({ load: props })).toThrow(
      [
        "LocustCluster 'load': 'network.zones' must be a whole number from 1 to 6, got 9",
        "LocustCluster 'load': 'workers.count' must be a whole number from 0 to 500, got -1",
        "LocustCluster 'load': 'workers.number' is not a setting; there are: count, instanceType",
      ].join("\n"),
    );
  });
});

describe("what Terraform calls for a LocustCluster", () => {
  const outdir = mkdtempSync(join(tmpdir(), "locust-cluster-construct-"));
  const folder = join(outdir, "stacks", "shop");

  beforeAll(() => {
    const stack = stackWith(
      {
        day: { name: "day", workers: { count: 7 } },
        night: { name: "night", locust: { locustfile: "examples/minimal/locust/locustfile.py" } },
      },
      outdir,
    );
    App.of(stack).synth();
  });

  afterAll(() => {
    rmSync(outdir, { recursive: true });
  });

  test("prepares with the settings of the program, which lie beside the configuration", () => {
    const text = readFileSync(join(folder, "cdk.tf.json"), "utf8");
    expect(text).toMatch(
      /node bin\/locust-cluster\.js prepare --by-terraform --settings \S+\/stacks\/shop\/day\.cluster\.yaml"/,
    );
    const { config } = loadCluster({ file: join(folder, "day.cluster.yaml"), env: {} });
    expect(config).toMatchObject({ name: "day", region: "eu-central-1", workers: { count: 7 } });
  });

  test("finds the bundle of each cluster of the stack", () => {
    const { resource: made } = JSON.parse(readFileSync(join(folder, "cdk.tf.json"), "utf8")) as Synthesized;
    const zips = Object.values(made["aws_s3_object"] ?? {})
      .map(({ source }) => String(source))
      .filter((source) => source.startsWith("bundle-"));
    expect(new Set(zips).size).toBe(2);
    for (const zip of zips) expect(readFileSync(join(folder, zip)).length).toBeGreaterThan(0);
  });
});

function userDataOf(stack: Synthesized): string {
  const master = resource(stack, find(stack, "aws_instance", "load_master_instance_"));
  return Buffer.from(String(master["user_data_base64"]), "base64").toString();
}
