import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { projectRoot } from "../../../lib/model/project";
import { findPython, type Python } from "../../../runtimes/python/python";

/** Packages as uv leaves them. */
const PACKAGES: Readonly<Record<string, string>> = {
  "shop/__init__.py":
    "from pathlib import Path\nPRICES = Path(__file__).with_name('prices.txt').read_text()\n",
  "shop/basket.py": "def fill():\n    raise ValueError('no room')  # a comment\n",
  "shop/pages/__init__.py": "",
  "shop/prices.txt": "7",
  "shop-1.0.dist-info/METADATA": "Metadata-Version: 2.1\nName: shop\nVersion: 1.0\n",
  "space/part/__init__.py": "NAME = __name__\n",
  "single.py": "import sys\n",
  // Looks for its own modules as files, which needs them as files.
  "lister/__init__.py": "import os\nNAMES = sorted(os.listdir(os.path.dirname(__file__)))\n",
  "lister/plugin.py": "",
  "broken/template.py": "class {{ name }}:\n",
  // Not a real extension, but Python would take it for one, and not the source.
  "fast/__init__.py": "",
  "fast/loop.py": "",
  "fast/loop.abi3.so": "",
};

let python: Python;
let folder: string;

beforeAll(async () => (python = await findPython()));
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "packed-modules-"))));
afterEach(() => rmSync(folder, { recursive: true }));

/** Packs the packages, and unpacks them as a machine does. */
function packed(packages: "known" | "unknown", files = PACKAGES): string {
  const installed = join(folder, "installed");
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(installed, name)), { recursive: true });
    writeFileSync(join(installed, name), text);
  }
  const script = join(projectRoot(), "runtimes", "python", "pack.py");
  const archive = join(folder, "archive.tar.gz");
  const env = { PYTHONDONTWRITEBYTECODE: "1" };
  execFileSync(python.executable, [script, installed, archive, python.version, packages], { env });
  const site = join(folder, "site");
  mkdirSync(site);
  execFileSync("tar", ["-xzf", archive, "-C", site]);
  return site;
}

/** What Python prints that has the folder as its `site-packages`. */
function run(site: string, code: string): string {
  const start = `import site; site.addsitedir(${JSON.stringify(site)})\n`;
  return execFileSync(python.executable, ["-Ic", start + code], { encoding: "utf8" }).trim();
}

describe("packed modules", () => {
  test("are no files", () => {
    const site = packed("known");
    for (const name of Object.keys(PACKAGES).filter(
      (file) => !/template|fast.loop|\.txt|METADATA/.test(file),
    ))
      expect({ name, exists: existsSync(join(site, name)) }).toEqual({ name, exists: false });
  });

  test("say that they are where their files would be, and find their data there", () => {
    const site = packed("known");
    const code =
      "import shop, single, space.part; print(shop.__file__, *shop.__path__, shop.PRICES, space.part.NAME)";
    expect(run(site, code)).toBe(`${site}/shop/__init__.py ${site}/shop 7 space.part`);
  });

  test("come from byte code, which is not compared with the source", () => {
    const site = packed("known");
    const code =
      "import sys; sys.dont_write_bytecode = False; import shop.basket; print(shop.basket.__cached__)";
    expect(existsSync(dirname(run(site, code)))).toBe(false);
  });

  test("show their source in a traceback", () => {
    const site = packed("known");
    const code =
      "import traceback, shop.basket\ntry: shop.basket.fill()\nexcept ValueError: print(traceback.format_exc())";
    expect(run(site, code)).toContain(
      `File "${site}/shop/basket.py", line 2, in fill\n    raise ValueError('no room')  # a comment\n`,
    );
  });

  test("are listed by pkgutil, and their packages by importlib.metadata and importlib.resources", () => {
    const site = packed("known");
    const code = `
import importlib.metadata, importlib.resources, pkgutil, shop
print([(name, package) for _, name, package in pkgutil.iter_modules(shop.__path__, "shop.")])
print(importlib.metadata.version("shop"), importlib.resources.files(shop).joinpath("prices.txt").read_text())`;
    expect(run(site, code)).toBe("[('shop.basket', False), ('shop.pages', True)]\n1.0 7");
  });

  test("come after an extension of the same name", () => {
    const site = packed("known");
    expect(existsSync(join(site, "fast", "loop.py"))).toBe(true);
    const code = "import importlib.util; print(importlib.util.find_spec('fast.loop').origin)";
    expect(run(site, code)).toBe(`${site}/fast/loop.abi3.so`);
  });

  test("are none of a package that may look for them as files, unless it is known", () => {
    const site = packed("unknown");
    expect(run(site, "import lister; print('plugin.py' in lister.NAMES)")).toBe("True");
    for (const file of ["lister/plugin.py", "broken/template.py"])
      expect(readFileSync(join(site, file), "utf8")).toBe(PACKAGES[file]);
    expect(existsSync(join(site, "shop", "basket.py"))).toBe(false);
  });

  test.each([
    ["import os\nos.scandir(__path__[0])", true],
    ["from glob import glob\nglob(__file__ + '*')", true],
    ["open(__file__.replace('__init__', 'version.py'))", true],
    ["open(__file__[:-11] + 'data.json')", false],
    ["import os\nos.listdir('data')", false],
    ["# __file__ and listdir", false],
  ])("of an unknown package with %j stay files: %s", (code, stays) => {
    const site = packed("unknown", { "one/__init__.py": code, "one/two.py": "" });
    expect(existsSync(join(site, "one", "two.py"))).toBe(stays);
  });
});
