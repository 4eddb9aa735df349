import { App } from "cdktf";
import { mkdtempSync, rmSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { fromStackFolder } from "../../lib/constructs/stack-folder";
import { LocustStack } from "../../lib/locust-stack";
import { partitionOf, REGIONS } from "../../lib/model/region-blocks";
import { load } from "./model/load";
import { resource, resources, synth } from "./synth";

describe("LocustStack", () => {
  test("keeps the addresses of what must not be replaced", () => {
    const stack = synth();
    for (const address of [
      "aws_vpc.network_vpc",
      "aws_subnet.network_master-subnet",
      "aws_instance.master_instance",
      "aws_eip.master_address",
      "aws_instance.workers_instance",
      "aws_s3_bucket.store_bucket",
      "tls_private_key.access_ssh-key",
      "tls_private_key.access_seed",
      "terraform_data.zones_chosen",
    ]) {
      expect(() => resource(stack, address)).not.toThrow();
    }
  });

  test.each([
    { workers: 20, attempts: 7, because: "report missing capacity within 63 s" },
    { workers: 21, attempts: 25, because: "outlast EC2's throttling" },
  ])("tries each call $attempts times for $workers workers, to $because", ({ workers, attempts }) => {
    const [own, ...others] = synth(`region: eu-west-1\nworkers: { count: ${workers} }`).provider["aws"]!;
    expect(own).toMatchObject({ region: "eu-west-1", max_retries: attempts });
    for (const other of others) expect(other).toMatchObject({ max_retries: attempts });
  });

  test("tags everything with the user's tags and the cluster's name", () => {
    for (const provider of synth("name: shop\ntags: { team: a b }").provider["aws"]!)
      expect(provider["default_tags"]).toEqual([{ tags: { team: "a b", "locust-cluster-name": "shop" } }]);
  });

  describe("has a provider for every region of its partition", () => {
    const aliases = (yaml = ""): unknown[] => synth(yaml).provider["aws"]!.map(({ alias }) => alias);

    test("whether or not there are fleets", () => {
      const all = aliases();
      expect(all).toEqual([
        undefined,
        ...REGIONS.filter((region) => region !== "us-east-1" && partitionOf(region) === ""),
      ]);
      expect(aliases("fleets: { eu: { region: eu-west-1 } }")).toEqual(all);
      for (const { alias, region } of synth().provider["aws"]!.slice(1)) expect(alias).toBe(region);
    });

    test("of China too", () => {
      expect(aliases("region: cn-north-1\nmachines: { imageId: ami-01234567 }")).toEqual([
        undefined,
        "cn-northwest-1",
      ]);
    });

    // Its list lacks ap-southeast-6, me-west-1 and sa-west-1: "invalid AWS Region" (5.100).
    test("that does not ask the provider's own list", () => {
      for (const { skip_region_validation } of synth().provider["aws"]!.slice(1))
        expect(skip_region_validation).toBe(true);
    });

    test("and for one that only the settings know, for as long as they name it", () => {
      const settings = "regions: { xx-north-1: { cidr: 10.1.0.0/16 } }";
      expect(aliases(settings)).toContain("xx-north-1");
    });
  });

  test("gives no fixed name to anything that is unique in an account, so two clusters live side by side", () => {
    const named = resources(synth()).filter(([, each]) => "name" in each || "key_name" in each);
    expect(named.map(([address]) => address)).toEqual([
      "aws_instance.master_instance",
      "aws_instance.workers_instance",
    ]);
  });

  test("mentions no folder of this computer", () => {
    const text = JSON.stringify(synth());
    for (const folder of [process.cwd(), tmpdir(), homedir()])
      expect(text.includes(`${folder}/`)).toBe(false);
  });
});

describe("the state", () => {
  test("is a file in the project's folder, named after the cluster", () => {
    expect(synth("name: shop").terraform.backend).toEqual({
      local: { path: "../../../terraform.shop.tfstate" },
    });
  });

  test("is in S3 with locking when a bucket is given; the region is part of its key", () => {
    expect(synth("name: shop\nregion: eu-west-1\nstate: { bucket: states }").terraform.backend).toEqual({
      s3: {
        bucket: "states",
        key: "locust-cluster/eu-west-1/shop.tfstate",
        region: "eu-west-1",
        encrypt: true,
        use_lockfile: true,
      },
    });
  });

  test("is found from any output folder", () => {
    const outdir = mkdtempSync(join(tmpdir(), "locust-cluster-outdir-"));
    const stack = new LocustStack(new App({ outdir }), "locust", load());
    const path = fromStackFolder(stack, "terraform.locust.tfstate");
    rmSync(outdir, { recursive: true });
    expect(join(outdir, "stacks", "locust", path)).toBe(join(process.cwd(), "terraform.locust.tfstate"));
  });
});
