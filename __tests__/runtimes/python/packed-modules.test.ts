import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { projectRoot } from "../../../lib/model/project";
import { findPython, type Python } from "../../../runtimes/python/python";

/** Packages as uv leaves them: shop and fast are in the product's lock, zoo is another's. */
const PACKAGES: Readonly<Record<string, string>> = {
  "shop/__init__.py":
    "from pathlib import Path\nPRICES = Path(__file__).with_name('prices.txt').read_text()\n",
  "shop/basket.py": "def fill():\n    raise ValueError('no room')  # a comment\n",
  "shop/pages/__init__.py": "",
  "shop/broken/template.py": "class {{ name }}:\n",
  "shop/prices.txt": "7",
  "single.py": "import sys\n",
  // Has no `__init__.py`: other packages may have parts of it, too.
  "space/part/__init__.py": "NAME = __name__\n",
  // Not a real extension, but Python would take it for one, and not the source.
  "fast/__init__.py": "",
  "fast/loop.py": "",
  "fast/loop.abi3.so": "",
  "zoo/__init__.py": "import os\nNAMES = sorted(os.listdir(os.path.dirname(__file__)))\n",
  "zoo/lion.py": "print('roar')\n",
};

const DISTRIBUTIONS = [
  { name: "Shop.Front", version: "1.0", folders: /^(?:shop|space|single)/ },
  { name: "fast", version: "2", folders: /^fast/ },
  { name: "zoo", version: "3", folders: /^zoo/ },
];

const LOCK = "shop-front==1.0 \\\n    --hash=sha256:00\nfast==2 ; python_version > '3' \\\nzoo==2\n";

let python: Python;
let folder: string;
let site: string;

beforeAll(async () => {
  python = await findPython();
  folder = mkdtempSync(join(tmpdir(), "packed-modules-"));
  site = packed();
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Packs the packages, and unpacks them as a machine does. */
function packed(): string {
  const installed = join(folder, "installed");
  const write = (name: string, text: string) => {
    mkdirSync(dirname(join(installed, name)), { recursive: true });
    writeFileSync(join(installed, name), text);
  };
  for (const [name, text] of Object.entries(PACKAGES)) write(name, text);
  for (const { name, version, folders } of DISTRIBUTIONS) {
    const information = `${name}-${version}.dist-info`;
    write(`${information}/METADATA`, `Metadata-Version: 2.1\nName: ${name}\nVersion: ${version}\n`);
    const files = Object.keys(PACKAGES).filter((file) => folders.test(file));
    write(`${information}/RECORD`, [...files, "../../bin/tool.py"].map((file) => `${file},,\n`).join(""));
  }
  const lock = join(folder, "requirements.lock");
  writeFileSync(lock, LOCK);
  const script = join(projectRoot(), "runtimes", "python", "pack.py");
  const archive = join(folder, "archive.tar.gz");
  const env = { PYTHONDONTWRITEBYTECODE: "1" };
  execFileSync(python.executable, [script, installed, archive, python.version, lock], { env });
  const unpacked = join(folder, "site");
  mkdirSync(unpacked);
  execFileSync("tar", ["-xzf", archive, "-C", unpacked]);
  return unpacked;
}

/** What Python prints that has the folder as its `site-packages`, and before it that of a test. */
function run(code: string, test?: Readonly<Record<string, string>>): string {
  const start = ["import site, sys", `site.addsitedir(${JSON.stringify(site)})`];
  if (test) {
    const place = mkdtempSync(join(folder, "test-"));
    for (const [name, text] of Object.entries(test)) {
      mkdirSync(dirname(join(place, name)), { recursive: true });
      writeFileSync(join(place, name), text);
    }
    start.push(`sys.path.insert(0, ${JSON.stringify(place)})`);
  }
  return execFileSync(python.executable, ["-Ic", [...start, code].join("\n")], { encoding: "utf8" }).trim();
}

describe("packed modules", () => {
  test.each([
    "shop/__init__.py",
    "shop/basket.py",
    "shop/pages/__init__.py",
    "single.py",
    "fast/__init__.py",
  ])("%s is no file", (name) => expect(existsSync(join(site, name))).toBe(false));

  test.each([
    ["no Python", "shop/broken/template.py"],
    ["of a package without an __init__.py", "space/part/__init__.py"],
    ["after an extension", "fast/loop.py"],
    ["of another version than the lock's", "zoo/lion.py"],
    ["data", "shop/prices.txt"],
  ])("a file that is %s stays", (_, name) => {
    expect(readFileSync(join(site, name), "utf8")).toBe(PACKAGES[name]);
  });

  test("say that they are where their files would be, and find their data there", () => {
    const code =
      "import shop, single, space.part; print(shop.__file__, *shop.__path__, shop.PRICES, space.part.NAME)";
    expect(run(code)).toBe(`${site}/shop/__init__.py ${site}/shop 7 space.part`);
  });

  test("come from byte code, which is not compared with the source", () => {
    const code = "sys.dont_write_bytecode = False; import shop.basket; print(shop.basket.__cached__)";
    expect(existsSync(dirname(run(code)))).toBe(false);
  });

  test("show their source in a traceback", () => {
    const code =
      "import traceback, shop.basket\ntry: shop.basket.fill()\nexcept ValueError: print(traceback.format_exc())";
    expect(run(code)).toContain(
      `File "${site}/shop/basket.py", line 2, in fill\n    raise ValueError('no room')  # a comment\n`,
    );
  });

  test("are known to importlib.metadata and importlib.resources", () => {
    const code = `
import importlib.metadata, importlib.resources, shop
print(importlib.metadata.version("shop.front"), importlib.resources.files(shop).joinpath("prices.txt").read_text())`;
    expect(run(code)).toBe("1.0 7");
  });

  test("come after an extension of the same name", () => {
    const code = "import importlib.util; print(importlib.util.find_spec('fast.loop').origin)";
    expect(run(code)).toBe(`${site}/fast/loop.abi3.so`);
  });

  test.each([
    ["a module of the test", { "single.py": "NAME = 'mine'" }, "import single; print(single.NAME)", "mine"],
    [
      "a package of the test, and all that is in it",
      { "shop/__init__.py": "", "shop/basket.py": "NAME = 'mine'" },
      "import shop.basket; print(shop.basket.NAME)",
      "mine",
    ],
    ["not a mere folder of the test", { "shop/data.txt": "" }, "import shop; print(shop.PRICES)", "7"],
  ])("give way to %s", (_, test, code, printed) => {
    expect(run(code, test)).toBe(printed);
  });

  test("leave all other ways into site-packages alone", () => {
    const code = `
import os, runpy, zoo
runpy.run_path(os.path.join(${JSON.stringify(site)}, "zoo", "lion.py"))
sys.path.append(${JSON.stringify(`${site}/fast/../zoo/`)})
import lion
import pkgutil
print([name for _, name, _ in pkgutil.iter_modules(zoo.__path__)], "lion.py" in zoo.NAMES)`;
    expect(run(code)).toBe("roar\nroar\n['lion'] True");
  });
});
