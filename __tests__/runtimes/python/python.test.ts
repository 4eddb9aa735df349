import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findPython } from "../../../runtimes/python/python";

let folder: string;

beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "python-"))));
afterEach(() => rmSync(folder, { recursive: true }));

/** A program that answers like a Python of this version. */
function python(name: string, version: string): void {
  script(name, `printf '%s\\n%s\\n' ${version} ${join(folder, name)}`);
}

function script(name: string, text: string): void {
  writeFileSync(join(folder, name), `#!/bin/sh\n${text}\n`);
  chmodSync(join(folder, name), 0o755);
}

function find(prefer?: string) {
  return findPython({ prefer, env: { PATH: folder } });
}

describe("findPython", () => {
  test("takes python3 when it is new enough", async () => {
    python("python3", "3.11");
    python("python3.13", "3.13");
    expect(await find()).toEqual({ executable: join(folder, "python3"), version: "3.11" });
  });

  test("takes the preferred version when it is there", async () => {
    python("python3", "3.12");
    python("python3.13", "3.13");
    expect((await find("3.13")).version).toBe("3.13");
    expect((await find("3.14")).version).toBe("3.12");
  });

  test("takes the preferred version that pyenv has, but not as the current one", async () => {
    const answer = `printf '3.13\\n/versions/3.13.0/bin/python3.13\\n'`;
    script("python3.13", `[ "$PYENV_VERSION" = 3.13 ] || exit 127\n${answer}`);
    python("python3", "3.11");
    expect(await find("3.13")).toEqual({ executable: "/versions/3.13.0/bin/python3.13", version: "3.13" });
    expect((await find("3.12")).version).toBe("3.11");
  });

  test("passes over what is too old", async () => {
    python("python3", "3.9");
    python("python3.11", "3.11");
    expect((await find()).executable).toBe(join(folder, "python3.11"));
  });

  test("passes over the shim of a Python that is not installed", async () => {
    script("python3", "echo 'pyenv: python3: command not found' >&2; exit 127");
    python("python3.12", "3.12");
    expect((await find()).version).toBe("3.12");
  });

  test("counts 3.9 as older than 3.11 and 3.14 as newer", async () => {
    python("python3", "3.9");
    python("python", "3.14");
    expect((await find()).version).toBe("3.14");
  });

  test("says what it found when nothing is new enough", async () => {
    python("python3", "3.10");
    python("python", "2.7");
    await expect(find()).rejects.toMatchObject({
      name: "UserError",
      message: "Python 3.11 or newer is needed, python3 is 3.10, python is 2.7",
      hint: expect.stringContaining("apt install python3 python3-venv") as string,
    });
  });

  test("says when there is none", async () => {
    await expect(find()).rejects.toMatchObject({
      message: "Python 3.11 or newer is needed, none is on the PATH",
    });
  });
});
