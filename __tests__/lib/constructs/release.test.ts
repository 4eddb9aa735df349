import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { App, Testing } from "cdktf";
import { LocustStack } from "../../../lib/locust-stack";
import { loadCluster } from "../../../lib/model/config";
import { problemsOf } from "../../helpers/schema";
import { load } from "../model/load";
import { resource, resources, synth, synthCluster, type Synthesized } from "../synth";

const current = (yaml: string): Record<string, unknown> =>
  JSON.parse(written(yaml)) as Record<string, unknown>;

/** Text of `bundle/current.json`. */
const written = (yaml: string): string =>
  Buffer.from(
    String(resource(synth(yaml), "aws_s3_object.release_current")["content_base64"]),
    "base64",
  ).toString();

describe("Release", () => {
  test("uploads the environment under its name from the cache, by a relative path", () => {
    const { key, source } = resource(synth(), "aws_s3_object.release_environment-arm64");
    expect(key).toMatch(/^env\/[0-9a-f]{20}\.tar\.gz$/);
    expect(source).toBe(`../../../.cache/environments/${String(key).slice(4)}`);
  });

  test("uploads one environment for each architecture", () => {
    const uploaded = (yaml: string): string[] =>
      resources(synth(yaml), "aws_s3_object").flatMap(([address]) =>
        address.includes("environment") ? [address] : [],
      );
    expect(uploaded("")).toEqual(["aws_s3_object.release_environment-arm64"]);
    expect(uploaded("workers: { instanceType: c7i.large }")).toEqual([
      "aws_s3_object.release_environment-arm64",
      "aws_s3_object.release_environment-x86-64",
    ]);
  });

  test.each(["bundle", "environment-arm64"])(
    "creates a new %s before the old is deleted, and ignores where it was read",
    (name) => {
      const object = resource(synth(), `aws_s3_object.release_${name}`);
      expect(object["lifecycle"]).toEqual({ create_before_destroy: true, ignore_changes: ["source"] });
      expect(object).not.toHaveProperty("etag");
    },
  );

  test("points to what is current, in the words of docs/store.md", () => {
    const pointer = current(`
access: { login: custom, https: true, hostNames: [load.example.com] }
workers: { instanceType: c7i.large }
locust: { host: https://shop.example, extraArgs: [--tags, a], locustfile: locust/shop.py }
`);
    expect(pointer).toEqual({
      schema: 1,
      expected: { workers: 2 },
      bundle: "missing",
      environments: {
        arm64: expect.stringMatching(/^[0-9a-f]{20}$/) as string,
        x86_64: expect.stringMatching(/^[0-9a-f]{20}$/) as string,
      },
      python: "3.13",
      locust: {
        version: "2.47.0",
        locustfile: "shop.py",
        host: "https://shop.example",
        args: ["--tags", "a"],
      },
      login: "custom",
      https: true,
      host_names: ["load.example.com"],
      results: null,
    });
    expect(problemsOf("manifest", pointer)).toBe("");
    expect(current("")).toMatchObject({ locust: { host: null, args: [] } });
    expect(current("name: shop\nresults: { bucket: team }")).toMatchObject({
      results: "s3://team/locust-cluster/us-east-1/shop/",
    });
  });

  test("lets Terraform evaluate nothing of what the user wrote", () => {
    const yaml = 'locust: { extraArgs: ["--x", "${path.root}%{if}"] }';
    const { content_base64, etag } = resource(synth(yaml), "aws_s3_object.release_current");
    expect(content_base64).toMatch(/^[A-Za-z0-9+/=]+$/);
    expect(written(yaml)).toContain('"--x","${path.root}%{if}"');
    expect(etag).toBe(createHash("md5").update(written(yaml)).digest("hex"));
  });

  test("points only when everything is there", () => {
    expect(resource(synth(), "aws_s3_object.release_current").depends_on).toEqual([
      "aws_s3_object.release_environment-arm64",
      "aws_s3_object.release_bundle",
    ]);
  });

  test("tags no object, because S3 takes ten tags and the cluster may have more", () => {
    for (const [, object] of resources(synth("tags: { team: a }"), "aws_s3_object")) {
      expect(object["override_provider"]).toEqual({ default_tags: { tags: {} } });
    }
  });

  describe("the zip", () => {
    let outdir: string;
    const zips = (): string[] =>
      readdirSync(join(outdir, "stacks", "minimal")).filter((name) => name.startsWith("bundle"));
    const synthesize = (file: string): string => {
      const app = new App({ outdir });
      const stack = new LocustStack(app, "minimal", loadCluster({ file, env: {} }));
      app.synth();
      const { resource: made } = JSON.parse(Testing.synth(stack)) as Synthesized;
      return String(made["aws_s3_object"]?.["release_bundle"]?.["source"]);
    };
    const withTest = (content: string): string => {
      mkdirSync(join(outdir, "locust"), { recursive: true });
      writeFileSync(join(outdir, "locust", "locustfile.py"), content);
      writeFileSync(join(outdir, "cluster.yaml"), "");
      return join(outdir, "cluster.yaml");
    };

    beforeEach(() => {
      outdir = mkdtempSync(join(tmpdir(), "locust-cluster-out-"));
    });
    afterEach(() => {
      rmSync(outdir, { recursive: true });
    });

    test("lies where Terraform looks for it", () => {
      const source = synthesize(withTest("a"));
      expect(zips()).toEqual([source]);
    });

    test("takes the place of the one before", () => {
      const first = synthesize(withTest("a"));
      const second = synthesize(withTest("b"));
      expect(second).not.toBe(first);
      expect(zips()).toEqual([second]);
    });

    test("is gone when there is no test", () => {
      synthesize(withTest("a"));
      rmSync(join(outdir, "locust"), { recursive: true });
      synthesize(join(outdir, "cluster.yaml"));
      expect(zips()).toEqual([]);
    });
  });

  test("needs neither test nor environment to be synthesized: destroy does that too", () => {
    expect(resource(synthCluster(load("")), "aws_s3_object.release_bundle")["key"]).toBe(
      "bundle/missing.zip",
    );
  });
});
