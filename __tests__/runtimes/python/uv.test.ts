import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { findUv } from "../../../runtimes/python/uv";

let root: string;
const progress: string[] = [];

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "uv-"));
  progress.length = 0;
});
afterEach(() => rmSync(root, { recursive: true }));

function script(name: string, text: string): void {
  const file = join(root, name);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `#!/bin/sh\n${text}\n`);
  chmodSync(file, 0o755);
}

/** A Python whose `-m venv` runs this, with $target as the folder to make. */
function python(makeVenv: string): void {
  script(
    "path/python3",
    `case "$1" in -c) printf '3.12\\n${join(root, "path/python3")}\\n';; *) for target; do :; done; ${makeVenv};; esac`,
  );
}

/** Makes a virtual environment whose pip does this. */
function venvWhosePip(does: string): string {
  return (
    `/bin/mkdir -p $target/bin $target/lib/python3.12/site-packages/pip; ` +
    `printf '#!/bin/sh\\necho "$@" > ${root}/pip-arguments\\n${does}\\n' > $target/bin/python; /bin/chmod +x $target/bin/python`
  );
}

function find(): Promise<string> {
  const onProgress = (message: string) => progress.push(message);
  return findUv({ packageRoot: root, projectRoot: root, onProgress, env: { PATH: join(root, "path") } });
}

const own = () => join(root, ".venv", "bin", "uv");

describe("findUv", () => {
  test("takes the uv on the PATH", async () => {
    script("path/uv", "echo 'uv 0.8.0 (x86_64-unknown-linux-gnu)'");
    expect(await find()).toBe("uv");
    expect(progress).toEqual([]);
  });

  test("takes the uv of .venv when that on the PATH is too old", async () => {
    script("path/uv", "echo 'uv 0.7.22'");
    script(".venv/bin/uv", "echo 'uv 0.13.9'");
    expect(await find()).toBe(own());
  });

  test("installs a pinned uv into .venv", async () => {
    python(venvWhosePip(`printf "#!/bin/sh\\\\necho uv 0.13.9\\\\n" > ${own()}; /bin/chmod +x ${own()}`));
    expect(await find()).toBe(own());
    expect(progress).toEqual(["installing uv into .venv"]);
    expect(readFileSync(join(root, "pip-arguments"), "utf8")).toContain("--require-hashes");
    expect(await find()).toBe(own());
    expect(progress).toHaveLength(1);
  });

  test("names Debian's package when Python cannot make virtual environments", async () => {
    const debian =
      "The virtual environment was not created successfully because ensurepip is not\n" +
      "available.  On Debian/Ubuntu systems, you need to install the python3-venv\n" +
      "package using the following command.\n\n    apt install python3.12-venv\n";
    writeFileSync(join(root, "debian"), debian);
    python(`/bin/mkdir $target; /bin/cat ${join(root, "debian")}; exit 1`);
    await expect(find()).rejects.toMatchObject({
      name: "UserError",
      message: "Python 3.12 cannot make virtual environments: its package python3.12-venv is missing",
      hint: "install it with 'sudo apt install python3.12-venv', or put uv on the PATH",
    });
    expect(existsSync(join(root, ".venv"))).toBe(false);
  });

  test.each([
    [
      "WARNING: Retrying (Retry(total=1)) after connection broken by NewConnectionError\nERROR: No matching distribution found for uv",
      "cannot install uv: cannot reach the package index",
    ],
    [
      "ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE.",
      "the package index delivers a different file for uv than runtimes/python/requirements-uv.lock names",
    ],
    [
      "ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device",
      "no space left on the disk for the packages of the cluster",
    ],
    ["ERROR: something new", "cannot install uv into .venv: something new"],
  ])("leaves nothing behind when pip fails: %s", async (output, message) => {
    writeFileSync(join(root, "output"), output);
    python(venvWhosePip(`/bin/cat ${join(root, "output")} >&2; exit 1`));
    await expect(find()).rejects.toMatchObject({ name: "UserError", message });
    expect(existsSync(join(root, ".venv"))).toBe(false);
  });
});
