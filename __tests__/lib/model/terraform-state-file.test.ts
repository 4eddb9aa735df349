import { mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { checkRegion, readStateFile } from "../../../lib/model/terraform-state-file";

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

describe("readStateFile", () => {
  let file: string;
  beforeEach(() => {
    file = join(mkdtempSync(join(tmpdir(), "locust-cluster-state-")), "terraform.shop.tfstate");
  });
  afterEach(() => {
    rmSync(join(file, ".."), { recursive: true });
  });
  const read = (): unknown => {
    try {
      return readStateFile(file);
    } catch (error) {
      const { message, hint } = error as { message: string; hint: string };
      return `${message}\n${hint}`;
    }
  };

  test.each([
    ["", "is empty"],
    ['{"version": 4, "resou', "cannot be read"],
    ["null", "cannot be read"],
  ])("names the file and its backup when a kill left '%s'", (content, what) => {
    writeFileSync(file, content);
    writeFileSync(`${file}.backup`, "{}");
    utimesSync(`${file}.backup`, 1e9, 1e9);
    expect(read()).toBe(
      `the state file terraform.shop.tfstate ${what}: a command was killed, or the disk was full, while it was written\n` +
        "the state before that is in terraform.shop.tfstate.backup, of 2001-09-09T01:46:40.000Z: " +
        "restore it with 'cp terraform.shop.tfstate.backup terraform.shop.tfstate'",
    );
  });

  test.each(["", undefined])("does not offer a backup that is broken too or absent", (backup) => {
    writeFileSync(file, "");
    if (backup !== undefined) writeFileSync(`${file}.backup`, backup);
    expect(read()).toContain("restore it from a backup of your own");
  });

  test("takes a whole state, and none", () => {
    expect(read()).toBeUndefined();
    writeFileSync(file, '{"resources":[]}');
    expect(read()).toEqual({ resources: [] });
  });
});
