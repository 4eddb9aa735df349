import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { projectRoot } from "../../lib/model/project";

const PROGRAM = 'console.log(require("./data.json").text, require("node:path").basename(__filename));\n';

let folder: string;
let file: string;
let cache: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "locust-cluster-program-"));
  file = join(folder, "program.js");
  cache = `${file}.cache`;
  writeFileSync(file, PROGRAM);
  writeFileSync(join(folder, "data.json"), '{ "text": "here" }');
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

function run() {
  const load = `require(${JSON.stringify(join(projectRoot(), "bin", "cached-program.js"))}).run(${JSON.stringify(file)})`;
  const { status, stdout, stderr } = spawnSync(process.execPath, ["-e", load], { encoding: "utf8" });
  return { status, stdout, stderr };
}

const GOOD = { status: 0, stdout: "here program.js\n", stderr: "" };

test("a program finds its neighbours, and leaves its code for the next run, which uses it", () => {
  expect(run()).toEqual(GOOD);
  const kept = statSync(cache);
  expect(run()).toEqual(GOOD);
  expect(statSync(cache)).toMatchObject({ ino: kept.ino, mtimeMs: kept.mtimeMs });
});

test("damaged code is made again", () => {
  run();
  const good = readFileSync(cache);
  writeFileSync(cache, good.subarray(0, good.length / 2));
  expect(run()).toEqual(GOOD);
  expect(readFileSync(cache)).toHaveLength(good.length);
});

test("a program that fails says where", () => {
  writeFileSync(file, "\nthrow new Error('no');\n");
  const { status, stderr } = run();
  expect(status).toBe(1);
  expect(stderr).toContain(`${file}:2`);
});
