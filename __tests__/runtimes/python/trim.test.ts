import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { trim } from "../../../runtimes/python/trim";

let packages: string;

beforeEach(() => {
  packages = mkdtempSync(join(tmpdir(), "locust-cluster-trim-"));
  for (const library of ["botocore", "boto3"])
    for (const service of ["s3", "ec2", "s3control"])
      mkdirSync(join(packages, library, "data", service), { recursive: true });
  writeFileSync(join(packages, "botocore", "data", "endpoints.json"), "{}");
});
afterEach(() => {
  rmSync(packages, { recursive: true });
});

test("keeps S3 and what all services share", () => {
  trim(packages);
  expect(readdirSync(join(packages, "botocore", "data")).sort()).toEqual(["endpoints.json", "s3"]);
  expect(readdirSync(join(packages, "boto3", "data"))).toEqual(["s3"]);
});
