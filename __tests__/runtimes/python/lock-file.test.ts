import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { LockFile } from "../../../runtimes/python/lock-file";

const NAME = "0123456789abcdef0123";
let testDirectory: string;

beforeEach(() => (testDirectory = mkdtempSync(join(tmpdir(), "lock-file-"))));
afterEach(() => rmSync(testDirectory, { recursive: true }));

function lockFile(name = NAME): LockFile {
  const versions = { architecture: "arm64", pythonVersion: "3.13", locustVersion: "2.47.0" } as const;
  return new LockFile({ ...versions, packageRoot: "/package", testDirectory }, name);
}

describe("LockFile", () => {
  test("gives back what was written", () => {
    lockFile().write("webob==1.8.11\n");
    expect(lockFile().current()).toBe("webob==1.8.11\n");
    expect(readdirSync(testDirectory)).toEqual(["requirements-arm64.lock"]);
  });

  test("says in its head what it is for and what it was made from", () => {
    lockFile().write("webob==1.8.11\n");
    expect(readFileSync(lockFile().file, "utf8")).toMatch(
      /^# The packages of arm64 machines with Python 3\.13 and Locust 2\.47\.0\..*\n#.*\n# Made from: 0123456789abcdef0123\nwebob/,
    );
  });

  test("does not count when it was made from other inputs, but can still be read", () => {
    lockFile().write("webob==1.8.11\n");
    const other = lockFile("f".repeat(20));
    expect(other.current()).toBeUndefined();
    expect(other.any()).toContain("webob==1.8.11");
  });

  test("counts with the line ends of another system", () => {
    lockFile().write("webob==1.8.11\n");
    writeFileSync(lockFile().file, readFileSync(lockFile().file, "utf8").replaceAll("\n", "\r\n"));
    expect(lockFile().current()).toBe("webob==1.8.11\n");
  });

  test("is nothing when there is none", () => {
    expect(lockFile().current()).toBeUndefined();
    expect(lockFile().any()).toBeUndefined();
  });
});
