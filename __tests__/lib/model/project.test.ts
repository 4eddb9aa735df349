import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ownProgram } from "../../../lib/model/own-program";
import { packageRoot } from "../../../lib/model/package-root";
import { projectOf, projectRoot } from "../../../lib/model/project";

let shop: string;
let installed: string;

beforeAll(() => {
  shop = realpathSync(mkdtempSync(join(tmpdir(), "shop-")));
  installed = join(shop, "node_modules", "locust-cluster");
  mkdirSync(join(shop, "locust", "data"), { recursive: true });
  writeFileSync(join(shop, "package.json"), "{}");
});

afterAll(() => {
  rmSync(shop, { recursive: true, force: true });
});

test("a clone is its own project, wherever it is called from", () => {
  expect(projectOf("/home/me/locust-cluster", shop)).toBe("/home/me/locust-cluster");
  expect(projectRoot()).toBe(packageRoot());
});

test("an installed package belongs to the project in whose folder it is called", () => {
  expect(projectOf(installed, shop)).toBe(shop);
  expect(projectOf(installed, join(shop, "locust", "data"))).toBe(shop);
});

test("a package that all projects of a monorepo share belongs to the one in whose folder it is called", () => {
  const load = join(shop, "packages", "load");
  mkdirSync(load, { recursive: true });
  writeFileSync(join(load, "package.json"), "{}");
  expect(projectOf(installed, load)).toBe(load);
  expect(ownProgram(load, installed)).toBe("node ../../node_modules/locust-cluster/bin/locust-cluster.js");
});

test("without any package.json, the current folder is the project", () => {
  expect(projectOf("/usr/lib/node_modules/locust-cluster", "/")).toBe("/");
});

test("Terraform calls the command line by a path that is the same in every checkout", () => {
  expect(ownProgram(shop, installed)).toBe("node node_modules/locust-cluster/bin/locust-cluster.js");
  expect(ownProgram("/clone", "/clone")).toBe("node bin/locust-cluster.js");
});
