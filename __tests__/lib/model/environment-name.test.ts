import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  environmentArchive,
  environmentName,
  type EnvironmentInputs,
} from "../../../lib/model/environment-name";

let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "environment-name-"));
  mkdirSync(join(root, "agent"));
  mkdirSync(join(root, "locust"));
  write("agent/requirements.in", "locust==2.47.0\nboto3\n");
  write("agent/requirements.lock", "locust==2.47.0\nboto3==1.44.5\n");
  write("locust/requirements.txt", "webob\n");
});
afterEach(() => rmSync(root, { recursive: true }));

function write(file: string, text: string): void {
  writeFileSync(join(root, file), text);
}

function name(inputs: Partial<EnvironmentInputs> = {}): string {
  const testDirectory = join(root, "locust");
  const defaults = { architecture: "arm64", pythonVersion: "3.13", locustVersion: "2.47.0" } as const;
  return environmentName({ ...defaults, packageRoot: root, testDirectory, ...inputs });
}

describe("environmentName", () => {
  test("is 20 hex digits", () => {
    expect(name()).toMatch(/^[0-9a-f]{20}$/);
  });

  test.each<[string, Partial<EnvironmentInputs>]>([
    ["architecture", { architecture: "x86_64" }],
    ["Python", { pythonVersion: "3.12" }],
    ["Locust", { locustVersion: "2.46.3" }],
  ])("changes with the %s", (_, inputs) => {
    expect(name(inputs)).not.toBe(name());
  });

  test.each(["agent/requirements.in", "agent/requirements.lock", "locust/requirements.txt"])(
    "changes with %s",
    (file) => {
      const before = name();
      write(file, "httpx==0.28\n");
      expect(name()).not.toBe(before);
    },
  );

  test("changes with a file that the requirements include, however deep", () => {
    write("locust/requirements.txt", "-r base.txt\n");
    write("locust/base.txt", "--constraint=limits.txt\nwebob\n");
    write("locust/limits.txt", "webob<2\n");
    const before = name();
    write("locust/limits.txt", "webob<1.8\n");
    expect(name()).not.toBe(before);
  });

  test("ends on requirements that include each other", () => {
    write("locust/requirements.txt", "-r base.txt\n");
    write("locust/base.txt", "-r requirements.txt\n");
    expect(name()).toMatch(/^[0-9a-f]{20}$/);
  });

  test("stays when the lock is written or the files are only touched", () => {
    const before = name();
    write("locust/requirements-arm64.lock", "webob==1.8.11\n");
    utimesSync(join(root, "locust/requirements.txt"), new Date(0), new Date(0));
    expect(name()).toBe(before);
  });

  test("stays with the line ends of another system", () => {
    const before = name();
    write("locust/requirements.txt", "webob\r\n");
    expect(name()).toBe(before);
  });

  test("is the same without requirements and with comments only", () => {
    write("locust/requirements.txt", "# nothing yet\n\n");
    const before = name();
    rmSync(join(root, "locust/requirements.txt"));
    expect(name()).toBe(before);
  });

  test("changes with fleets, but not where the test's own packages may ask AWS for anything", () => {
    expect(name({ fleets: true })).toBe(name());
    rmSync(join(root, "locust/requirements.txt"));
    expect(name({ fleets: true })).not.toBe(name());
    expect(name({ fleets: false })).toBe(name());
  });

  test("stays wherever the project lies", () => {
    const before = name();
    const first = root;
    root = mkdtempSync(join(tmpdir(), "elsewhere-"));
    for (const folder of ["agent", "locust"]) mkdirSync(join(root, folder));
    write("agent/requirements.in", "locust==2.47.0\nboto3\n");
    write("agent/requirements.lock", "locust==2.47.0\nboto3==1.44.5\n");
    write("locust/requirements.txt", "webob\n");
    expect(name()).toBe(before);
    rmSync(first, { recursive: true });
  });

  test("needs none of the files", () => {
    expect(name({ packageRoot: "/nowhere", testDirectory: "/nowhere" })).toMatch(/^[0-9a-f]{20}$/);
  });
});

test("environmentArchive lies in the cache of the project", () => {
  expect(environmentArchive("/project", "abc")).toBe("/project/.cache/environments/abc.tar.gz");
});
