import { execFileSync, spawn } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { environmentName } from "../../lib/model/environment-name";
import { projectRoot } from "../../lib/model/project";
import { buildEnvironment, type BuildOptions } from "../../runtimes/python/build";
import { ensureVenv } from "../../runtimes/python/ensure-venv";
import { PythonProject } from "../helpers/python-project";

const project = new PythonProject();
const archives = () => join(project.root, ".cache", "environments");

/** Nothing listens there: a network that is gone, without losing the index's address. */
const NO_NETWORK = "http://127.0.0.1:9";
/** `e_machine` in the head of an ELF file. */
const ELF_MACHINES = { arm64: 183, x86_64: 62 } as const;

function inputs(options: Partial<BuildOptions> = {}): BuildOptions {
  const versions = { architecture: "arm64", pythonVersion: "3.13", locustVersion: "2.47.0" } as const;
  return { ...versions, ...project.roots, ...options };
}

function build(options?: Partial<BuildOptions>) {
  return buildEnvironment(inputs(options), () => undefined);
}

function unpack(archive: string): string {
  const folder = mkdtempSync(join(project.root, "unpacked-"));
  execFileSync("tar", ["-xzf", archive, "-C", folder]);
  return folder;
}

/** Machine of each shared object below a folder. */
function machinesOf(folder: string): number[] {
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) =>
    /\.so(?:\.|$)/.test(name),
  );
  const heads = files.map((name) => readFileSync(join(folder, name)).subarray(0, 20));
  return heads.filter((head) => head.toString("latin1", 1, 4) === "ELF").map((head) => head.readUInt16LE(18));
}

/** Names of the modules whose sources are files below a folder, without those of tests. */
function modulesOf(folder: string): string[] {
  const sources = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter(
    (name) => name.endsWith(".py") && !/\/(?:tests|testing)\//.test(name),
  );
  return sources.map((name) => name.replace(/(?:\/__init__)?\.py$/, "").replaceAll("/", ".")).sort();
}

/** Each module with its place below a folder of packages, or with the reason why it cannot be imported. */
function imported(python: string, folder: string, names: readonly string[]): string[] {
  const script = `
import importlib, json, os, site, sys
sys.path = [path for path in sys.path if "site-packages" not in path]
site.addsitedir(sys.argv[1])
import locust
def place(name):
    try:
        return os.path.relpath(importlib.import_module(name).__file__, sys.argv[1])
    except BaseException as error:
        return repr(error).replace(sys.argv[1], "")
print(json.dumps([f"{name} {place(name)}" for name in json.load(sys.stdin)]))`;
  const answer = execFileSync(python, ["-I", "-c", script, folder], {
    input: JSON.stringify(names),
    encoding: "utf8",
    stdio: ["pipe", "pipe", "ignore"], // gevent warns of each module that it comes after
  });
  return JSON.parse(answer) as string[];
}

/** An older Python that is on this computer, as `python3` in front of the PATH. */
function olderPython(): NodeJS.ProcessEnv {
  const folder = join(project.root, "path");
  mkdirSync(folder);
  const older = ["python3.11", "python3.12"].find((name) => {
    try {
      return execFileSync(name, ["-c", ""], { stdio: "ignore" }) !== undefined;
    } catch {
      return false;
    }
  });
  if (older) writeFileSync(join(folder, "python3"), `#!/bin/sh\nexec ${older} "$@"\n`, { mode: 0o755 });
  // Hides a Python of the machines' own version, whatever else the PATH has.
  writeFileSync(join(folder, "python3.13"), "#!/bin/sh\nexit 127\n", { mode: 0o755 });
  return { PATH: `${folder}:${process.env.PATH}` };
}

describe("the environment of a machine", () => {
  test("is made once when two want it at a time, and holds Locust and objects for arm64 only", async () => {
    const both = await Promise.all([build(), build()]);
    expect(both.map(({ cached }) => cached).sort()).toEqual([false, true]);
    checkContent(both[0].archive, "arm64");
  });

  test("holds Locust and objects for x86_64 only", async () => {
    const { archive, cached } = await build({ architecture: "x86_64" });
    expect(cached).toBe(false);
    checkContent(archive, "x86_64");
  });

  function checkContent(archive: string, architecture: keyof typeof ELF_MACHINES): void {
    const folder = unpack(archive);
    for (const name of ["locust", "boto3", "msgspec", "gevent", "zmq"])
      expect(existsSync(join(folder, name))).toBe(true);
    const machines = machinesOf(folder);
    expect(machines.length).toBeGreaterThan(10);
    expect(new Set(machines)).toEqual(new Set([ELF_MACHINES[architecture]]));
    const services = readdirSync(join(folder, "botocore", "data")).filter((name) => !name.includes("."));
    expect(services).toEqual(["s3"]);
    // With byte code, if this computer has the machines' Python.
    const limitMiB = existsSync(join(folder, "packed-modules")) ? 17.5 : 12;
    expect(statSync(archive).size).toBeLessThan(limitMiB * 1024 * 1024);
    // Console scripts name this computer's Python; a lock beside a test that asks for nothing would only be noise.
    expect(existsSync(join(folder, "bin"))).toBe(false);
    expect(readdirSync(project.testFolder)).toEqual([]);
  }

  test("describes Auto Scaling where a master sets the capacity of fleets", async () => {
    const { archive, name } = await build({ fleets: true });
    expect(name).not.toBe(environmentName(inputs()));
    const data = readdirSync(join(unpack(archive), "botocore", "data"));
    expect(data.filter((entry) => !entry.includes(".")).sort()).toEqual(["autoscaling", "s3"]);
  });

  test("imports every module as from files, though almost none is a file", async () => {
    const { python } = await ensureVenv({ ...project.roots, locustVersion: "2.47.0" }, () => undefined);
    const [version = ""] = readdirSync(join(project.root, ".venv", "lib"));
    const { archive } = await build({
      architecture: process.arch === "arm64" ? "arm64" : "x86_64",
      pythonVersion: version.replace("python", ""),
      env: { PATH: `${dirname(realpathSync(python))}:${process.env.PATH}` },
    });
    const packed = unpack(archive);
    const files = join(project.root, ".venv", "lib", version, "site-packages");
    const names = modulesOf(files).filter((name) => !/^(?:uv|_virtualenv)\b|__main__$/.test(name));
    expect(names.length).toBeGreaterThan(900);
    expect(imported(python, packed, names)).toEqual(imported(python, files, names));
    // Those of packages without an `__init__.py`, and sources beside an extension.
    expect(modulesOf(packed).length).toBeLessThan(50);
  });

  test("has what the machines' Python needs, built from an older one", async () => {
    project.requirements("webob");
    const { archive } = await build({ env: olderPython() });
    const folder = unpack(archive);
    expect(readdirSync(folder)).toEqual(
      expect.arrayContaining(["webob", "legacy_cgi-2.6.4.dist-info", "cgi.py"]),
    );
    expect(existsSync(join(folder, "typing_extensions.py"))).toBe(false); // only before 3.12
    expect(existsSync(join(folder, "botocore", "data", "ec2"))).toBe(true); // a test of its own may ask any service
  });

  test("is the same bytes each time, with the versions of its lock, which is written again without building, and without network", async () => {
    const lockFile = join(project.testFolder, "requirements-arm64.lock");
    project.requirements("webob");
    const { archive } = await build();
    const first = readFileSync(archive);
    expect(await build()).toMatchObject({ cached: true });
    const lock = readFileSync(lockFile, "utf8");
    expect(lock).toContain("webob==");

    // A lost lock is that of the archive; no program is started for it.
    rmSync(lockFile);
    expect(await build({ env: { PATH: "/nowhere" } })).toMatchObject({ cached: true });
    expect(readFileSync(lockFile, "utf8")).toBe(lock);

    // A lost archive is made from what was fetched before.
    rmSync(archives(), { recursive: true });
    const env = { HTTPS_PROXY: NO_NETWORK, HTTP_PROXY: NO_NETWORK, ALL_PROXY: NO_NETWORK, NO_PROXY: "" };
    expect(await build({ env })).toMatchObject({ cached: false });
    expect(readFileSync(archive).equals(first)).toBe(true);
    expect(readFileSync(lockFile, "utf8")).toBe(lock);
  });

  test("keeps the versions of an older lock that still fit", async () => {
    project.requirements("idna<3.11");
    await build();
    expect(readFileSync(join(project.testFolder, "requirements-arm64.lock"), "utf8")).toMatch(
      /^idna==3\.10 /m,
    );
    project.requirements("idna", "webob");
    await build();
    expect(readFileSync(join(project.testFolder, "requirements-arm64.lock"), "utf8")).toMatch(
      /^idna==3\.10 /m,
    );
  });

  test("can have another Locust than the project's own", async () => {
    const { archive } = await build({ locustVersion: "2.46.3" });
    expect(readdirSync(unpack(archive))).toContain("locust-2.46.3.dist-info");
  });

  test.each([
    [
      "flask==1.0",
      "flask==1.0 in locust/requirements.txt does not fit locust==2.47.0, which needs flask>=2.0.0",
    ],
    ["no-such-package-zzzq-1", "the package index knows no package 'no-such-package-zzzq-1'"],
    ["docopt", "docopt has no wheel for arm64 with Python 3.13"],
    ["pywin32", "pywin32 has no wheel for arm64 with Python 3.13, only for win32, win_amd64, win_arm64"],
    [
      "requests >=> 3",
      expect.stringContaining("'requests >=> 3' in locust/requirements.txt is not a requirement") as string,
    ],
    ["-e ./mine", "'-e ./mine' in locust/requirements.txt is not a package of a package index"],
  ])("is refused for %s, and nothing is left", async (line, message) => {
    project.requirements(line);
    await expect(build()).rejects.toMatchObject({ name: "UserError", message });
    expect(readdirSync(archives())).toEqual([]);
    expect(readdirSync(project.testFolder)).toEqual(["requirements.txt"]);
  });

  test("is refused without network when nothing is cached", async () => {
    project.requirements("webob");
    const env = { UV_DEFAULT_INDEX: `${NO_NETWORK}/simple`, UV_CACHE_DIR: join(project.root, "uv-cache") };
    await expect(build({ env })).rejects.toMatchObject({
      name: "UserError",
      message: `the package index at ${NO_NETWORK} was not reached, and not all packages are cached on this computer`,
    });
    expect(readdirSync(archives())).toEqual([]);
  });

  test("leaves nothing half-made after SIGINT and SIGTERM, and is made by the next who wants it", async () => {
    const script = `
      const { buildEnvironment } = require(${JSON.stringify(join(projectRoot(), "runtimes", "python", "build"))});
      const options = { architecture: "arm64", pythonVersion: "3.13", locustVersion: "2.47.0" };
      buildEnvironment({ ...options, packageRoot: ${JSON.stringify(project.root)}, projectRoot: ${JSON.stringify(project.root)}, testDirectory: ${JSON.stringify(project.testFolder)} }, console.log);`;
    // The second begins where the first left off: it gets as far.
    for (const signal of ["SIGINT", "SIGTERM"] as const) {
      const child = spawn(process.execPath, ["-r", "ts-node/register/transpile-only", "-e", script], {
        cwd: projectRoot(),
        stdio: ["ignore", "pipe", "inherit"],
      });
      child.stdout.setEncoding("utf8").on("data", (text: string) => {
        if (text.includes("packing")) child.kill(signal);
      });
      const ended = await new Promise((resolve) => child.once("exit", (_, name) => resolve(name)));
      expect(ended).toBe(signal);
      expect(readdirSync(archives())).toEqual([]);
    }
    expect(await build()).toMatchObject({ cached: false });
  });
});
