import { appendFileSync, cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type * as packageRoots from "../../lib/model/package-root";
import { load } from "./model/load";
import { type Resource, resource, synthCluster } from "./synth";

const mockPackage = mkdtempSync(join(tmpdir(), "locust-cluster-package-"));
jest.mock("../../lib/model/package-root", () => ({ packageRoot: () => mockPackage }));

const { packageRoot } = jest.requireActual<typeof packageRoots>("../../lib/model/package-root");

beforeAll(() => {
  for (const name of ["agent", "boot", "locust", "userdata"])
    cpSync(join(packageRoot(), name), join(mockPackage, name), { recursive: true });
});
afterAll(() => rmSync(mockPackage, { recursive: true }));

/** The stack of the default cluster, with the package's copy. */
function addressed(...addresses: readonly string[]): Resource[] {
  const stack = synthCluster({ ...load(), directory: mockPackage });
  return addresses.map((address) => resource(stack, address));
}

const MACHINES = ["aws_instance.master_instance", "aws_instance.workers_instance"];

test("a changed second stage of the boot changes the bundle and no machine, a changed first stage every machine", () => {
  const before = addressed("aws_s3_object.release_bundle", ...MACHINES);

  for (const name of ["master.sh", "worker.sh", "environment.sh", "system.sh", "units.sh"])
    appendFileSync(join(mockPackage, "boot", name), "# changed\n");
  const after = addressed("aws_s3_object.release_bundle", ...MACHINES);
  expect(after[0]!["key"]).toMatch(/^bundle\/[0-9a-f]{20}\.zip$/);
  expect(after[0]!["key"]).not.toBe(before[0]!["key"]);
  expect(after.slice(1)).toEqual(before.slice(1));

  appendFileSync(join(mockPackage, "userdata", "first-stage.sh"), "# changed\n");
  const last = addressed(...MACHINES);
  for (const [index, machine] of last.entries())
    expect(machine["user_data_base64"]).not.toBe(before[index + 1]!["user_data_base64"]);
});
