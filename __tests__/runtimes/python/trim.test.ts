import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { trim } from "../../../runtimes/python/trim";

let packages: string;

beforeEach(() => {
  packages = mkdtempSync(join(tmpdir(), "locust-cluster-trim-"));
  for (const library of ["botocore", "boto3"])
    for (const service of ["s3", "ec2", "s3control"]) write(`${library}/data/${service}/model.json`);
  write("botocore/data/endpoints.json");
});
afterEach(() => {
  rmSync(packages, { recursive: true });
});

function write(path: string): void {
  mkdirSync(dirname(join(packages, path)), { recursive: true });
  writeFileSync(join(packages, path), "");
}

test("keeps S3 and what all services share", () => {
  trim(packages);
  expect(readdirSync(join(packages, "botocore", "data")).sort()).toEqual(["endpoints.json", "s3"]);
  expect(readdirSync(join(packages, "boto3", "data"))).toEqual(["s3"]);
});

test.each([
  "gevent/tests/test_core.py",
  "gevent/core.pyx",
  "gevent/core.pyi",
  "gevent/libev/ev.h",
  "gevent/py.typed",
  "gevent-1.0.dist-info/WHEEL",
  "gevent-1.0.dist-info/licenses/LICENSE",
])("leaves out %s, and a folder that is then empty", (path) => {
  write(path);
  trim(packages);
  expect(existsSync(join(packages, path))).toBe(false);
  expect(existsSync(join(packages, dirname(path)))).toBe(false);
});

test.each([
  "gevent/core.py",
  "packaging/licenses/__init__.py",
  "gevent/core.cpython-313-x86_64-linux-gnu.so",
  "locust/webui/dist/index.html",
  "tests.py",
  "gevent-1.0.dist-info/METADATA",
  "gevent-1.0.dist-info/entry_points.txt",
])("keeps %s", (path) => {
  write(path);
  trim(packages);
  expect(existsSync(join(packages, path))).toBe(true);
});
