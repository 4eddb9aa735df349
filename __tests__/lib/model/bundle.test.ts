import { execFileSync } from "node:child_process";
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { unzipSync } from "fflate";
import { BUNDLE_LIMIT_MIB, readBundle, writeBundle } from "../../../lib/model/bundle";
import { projectRoot } from "../../../lib/model/project";

describe("bundle", () => {
  let root: string;
  const write = (path: string, text = "x"): string => {
    const file = join(root, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
    return file;
  };
  const read = (): ReturnType<typeof readBundle> =>
    readBundle({ packageRoot: root, testDirectory: join(root, "locust") });

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), "locust-cluster-bundle-"));
    write("locust/locustfile.py", "print(1)\n");
    write("agent/locust_cluster/plugin/launch.py");
    write("agent/hooks/locust_cluster_hooks.py");
    write("boot/worker.sh");
  });
  afterEach(() => {
    rmSync(root, { recursive: true });
  });

  test("holds the test, the agent and the second stage of the boot", () => {
    expect(read().files.map(({ path }) => path)).toEqual([
      "agent/hooks/locust_cluster_hooks.py",
      "agent/locust_cluster/plugin/launch.py",
      "boot/worker.sh",
      "test/locustfile.py",
    ]);
  });

  test("takes along everything of the test that is not made by tools", () => {
    for (const path of ["data/users.csv", "requirements.txt", ".env", "pages/__init__.py"])
      write(`locust/${path}`);
    for (const path of [
      "__pycache__/a.pyc",
      "pages/__pycache__/b.py",
      "c.pyc",
      ".git/HEAD",
      ".venv/lib/d.py",
      ".DS_Store",
      "requirements-arm64.lock",
    ])
      write(`locust/${path}`);
    const test = read().files.flatMap(({ path }) => (path.startsWith("test/") ? [path.slice(5)] : []));
    expect(test).toEqual([
      ".env",
      "data/users.csv",
      "locustfile.py",
      "pages/__init__.py",
      "requirements.txt",
    ]);
  });

  test("takes nothing of the agent but its modules, and of the boot its scripts", () => {
    for (const path of [
      "tests/test_a.py",
      "pyproject.toml",
      "requirements.lock",
      "locust_cluster/__pycache__/a.pyc",
    ])
      write(`agent/${path}`);
    write("agent/locust_cluster/deep/er.py");
    write("boot/.shellcheckrc");
    const own = read().files.flatMap(({ path }) => (path.startsWith("test/") ? [] : [path]));
    expect(own).toEqual([
      "agent/hooks/locust_cluster_hooks.py",
      "agent/locust_cluster/deep/er.py",
      "agent/locust_cluster/plugin/launch.py",
      "boot/worker.sh",
    ]);
  });

  test.each<[string, () => void]>([
    ["bytes", () => write("locust/locustfile.py", "print(2)\n")],
    ["path", () => write("locust/other.py", "")],
    [
      "mode",
      () => {
        chmodSync(join(root, "locust/locustfile.py"), 0o755);
      },
    ],
    ["agent", () => write("agent/locust_cluster/plugin/launch.py", "y")],
    ["second stage", () => write("boot/worker.sh", "y")],
  ])("has another hash when the %s changes", (_what, change) => {
    const before = read().hash;
    expect(before).toMatch(/^[0-9a-f]{20}$/);
    change();
    expect(read().hash).not.toBe(before);
  });

  test("has the same hash whatever the time and the rest of the mode", () => {
    const before = read().hash;
    utimesSync(join(root, "locust/locustfile.py"), 1, 1);
    chmodSync(join(root, "locust/locustfile.py"), 0o600);
    expect(read().hash).toBe(before);
  });

  test("is written as the same bytes each time, in every time zone", () => {
    writeBundle(read(), join(root, "a.zip"));
    utimesSync(join(root, "locust/locustfile.py"), 1, 1);
    writeBundle(read(), join(root, "b.zip"));
    expect(readFileSync(join(root, "a.zip")).equals(readFileSync(join(root, "b.zip")))).toBe(true);
  });

  test("keeps bytes and modes in the zip", () => {
    chmodSync(write("locust/run.sh", "#!/bin/sh\n"), 0o755);
    const zip = join(root, "out", "bundle.zip");
    writeBundle(read(), zip);
    expect(Buffer.from(unzipSync(readFileSync(zip))["test/locustfile.py"] ?? []).toString()).toBe(
      "print(1)\n",
    );
    const script =
      "import sys,zipfile\nfor i in zipfile.ZipFile(sys.argv[1]).infolist(): print(i.filename, oct(i.external_attr >> 16), i.create_system)";
    const modes = execFileSync("python3", ["-c", script, zip], { encoding: "utf8" });
    expect(modes).toContain("test/run.sh 0o100755 3\n");
    expect(modes).toContain("test/locustfile.py 0o100644 3\n");
  });

  test("has the name that the agent finds in it", () => {
    chmodSync(write("locust/run.sh", "x y"), 0o755);
    write("locust/données/à lire.csv", "é");
    const zip = join(root, "out", "bundle.zip");
    writeBundle(read(), zip);
    const script =
      "import sys, pathlib; from locust_cluster.service.downloads import unzip; print(unzip(*map(pathlib.Path, sys.argv[1:])))";
    const args = ["-c", script, zip, join(root, "unpacked")];
    const env = { ...process.env, PYTHONPATH: join(projectRoot(), "agent"), PYTHONDONTWRITEBYTECODE: "1" };
    expect(execFileSync("python3", args, { encoding: "utf8", env }).trim()).toBe(read().hash);
  });

  test("of a missing folder has a problem instead of an error: destroy needs no test", () => {
    rmSync(join(root, "locust"), { recursive: true });
    expect(read()).toEqual({
      hash: "missing",
      files: [],
      problem: `the folder of the test, ${join(root, "locust")}, does not exist`,
    });
  });

  test(`takes ${BUNDLE_LIMIT_MIB} MiB and has a problem with one byte more, without reading the files`, () => {
    const limit = BUNDLE_LIMIT_MIB * 1024 * 1024;
    const big = write("locust/data.bin");
    truncateSync(big, limit - "print(1)\n".length);
    expect(read().problem).toBeUndefined();
    truncateSync(big, limit - "print(1)\n".length + 1);
    expect(read()).toMatchObject({
      hash: "too-big",
      files: [],
      problem: expect.stringContaining("holds more than 50 MiB") as string,
    });
  });
});
