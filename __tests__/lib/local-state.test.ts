import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { checkRegion } from "../../lib/local-state";

describe("checkRegion", () => {
  let folder: string;
  const check = (state: unknown, region: string): void => {
    const file = join(folder, "terraform.tfstate");
    writeFileSync(file, JSON.stringify(state));
    checkRegion(file, region);
  };
  const LIVING = { resources: [{}], outputs: { region: { value: "us-east-1" } } };

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "locust-cluster-state-"));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  test("refuses another region than the cluster's", () => {
    expect(() => {
      check(LIVING, "eu-west-1");
    }).toThrow("'region' is eu-west-1, but this cluster lives in us-east-1");
  });

  test.each<[string, unknown]>([
    ["the same region", LIVING],
    ["a destroyed cluster", { ...LIVING, resources: [], outputs: { region: { value: "eu-west-1" } } }],
    ["a state without outputs", { resources: [{}] }],
  ])("accepts %s", (_what, state) => {
    expect(() => {
      check(state, "us-east-1");
    }).not.toThrow();
  });

  test("accepts a cluster that was never deployed", () => {
    expect(() => {
      checkRegion(join(folder, "none"), "us-east-1");
    }).not.toThrow();
  });
});
