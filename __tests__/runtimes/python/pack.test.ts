import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { projectRoot } from "../../../lib/model/project";
import { findPython, type Python } from "../../../runtimes/python/python";

const INFORMATION = "flask-3.1.dist-info";
const INFORMATION_FILES = ["METADATA", "RECORD"].map((name) => `${INFORMATION}/${name}`);

let python: Python;
let folder: string;

beforeAll(async () => (python = await findPython()));
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "pack-"))));
afterEach(() => rmSync(folder, { recursive: true }));

/** A folder of packages as uv leaves it. */
function packages(name: string): string {
  const place = join(folder, name);
  for (const part of ["bin", "flask", INFORMATION]) mkdirSync(join(place, part), { recursive: true });
  writeFileSync(join(place, "bin", "flask"), "#!/this/computer/python\n");
  writeFileSync(join(place, ".lock"), "");
  writeFileSync(join(place, "flask", "__init__.py"), "NAMES = {'a', 'b', 'c'}\n");
  writeFileSync(join(place, "flask", "program"), "");
  chmodSync(join(place, "flask", "program"), 0o700);
  writeFileSync(join(place, INFORMATION, "METADATA"), "Metadata-Version: 2.1\nName: Flask\nVersion: 3.1\n");
  writeFileSync(join(place, INFORMATION, "RECORD"), "flask/__init__.py,,\n");
  return place;
}

function pack(place: string, pythonVersion: string): string {
  const archive = `${place}.tar.gz`;
  const lock = join(folder, "requirements.lock");
  writeFileSync(lock, "flask==3.1 \\\n");
  const script = join(projectRoot(), "runtimes", "python", "pack.py");
  const env = { PYTHONHASHSEED: "0", PYTHONDONTWRITEBYTECODE: "1" };
  execFileSync(python.executable, [script, place, archive, pythonVersion, lock], { env });
  return archive;
}

function list(archive: string): string[] {
  return execFileSync("tar", ["-tzf", archive], { encoding: "utf8" }).trim().split("\n");
}

describe("pack.py", () => {
  test("packs what belongs into site-packages, and neither console scripts nor uv's lock", () => {
    const names = list(pack(packages("one"), "2.7"));
    expect(names).toEqual([
      "flask/",
      "flask/__init__.py",
      "flask/program",
      "flask-3.1.dist-info/",
      ...INFORMATION_FILES,
    ]);
  });

  test("adds byte code for the Python that runs it, and packs the modules with it; for no other", () => {
    const names = list(pack(packages("same"), python.version));
    const tag = python.version.replace(".", "");
    expect(names).toEqual([
      "0-packed-modules.pth",
      "__pycache__/",
      `__pycache__/packed_modules.cpython-${tag}.pyc`,
      "flask/",
      "flask/program",
      "flask-3.1.dist-info/",
      ...INFORMATION_FILES,
      "packed-modules",
      "packed_modules.py",
    ]);
    expect(list(pack(packages("other"), "2.7")).filter((name) => /pyc|packed/.test(name))).toEqual([]);
  });

  test("gives the same bytes for the same packages, whatever their folder, times and umask", () => {
    const first = readFileSync(pack(packages("here"), python.version));
    const there = packages("there");
    utimesSync(join(there, "flask", "__init__.py"), new Date(0), new Date(0));
    chmodSync(join(there, "flask", "__init__.py"), 0o600);
    expect(readFileSync(pack(there, python.version)).equals(first)).toBe(true);
  });

  test("keeps what may be executed", () => {
    const archive = pack(packages("modes"), "2.7");
    const modes = execFileSync("tar", ["-tvzf", archive], { encoding: "utf8" }).split("\n");
    expect(modes.find((line) => line.endsWith("flask/program"))).toMatch(/^-rwxr-xr-x/);
    expect(modes.find((line) => line.endsWith("flask/__init__.py"))).toMatch(/^-rw-r--r--/);
  });
});
