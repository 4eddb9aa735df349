import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ownSource } from "../../../../cli/commands/init/own-source";
import type { OwnPackage } from "../../../../cli/commands/init/package-document";
import { makeScratch, removeScratch } from "../../../../tools/trials/scratch";

const OWN: OwnPackage = {
  name: "locust-cluster",
  version: "0.1.0",
  engines: {},
  peerDependencies: {},
  optionalDependencies: {},
};

describe("a new project gets this package", () => {
  const scratch = makeScratch();
  const installed = join(scratch, "host", "node_modules", OWN.name);
  const project = join(scratch, "tests", "load");

  const source = (spec: string) => {
    writeFileSync(
      join(scratch, "host", "package.json"),
      JSON.stringify({ dependencies: { [OWN.name]: spec } }),
    );
    return ownSource(installed, OWN, project);
  };

  beforeAll(() => {
    mkdirSync(join(scratch, "host"), { recursive: true });
  });
  afterAll(() => {
    removeScratch(scratch);
  });

  test("from the tarball that npx was given", () => {
    expect(source("file:../packages/locust-cluster-0.1.0.tgz")).toEqual({
      spec: "file:../../packages/locust-cluster-0.1.0.tgz",
    });
  });

  test.each(["0.1.0", "https://example.com/locust-cluster.tgz", "git+ssh://git@example.com/load.git"])(
    "as its own was: %s",
    (spec) => {
      expect(source(spec)).toEqual({ spec });
    },
  );

  test("from a tarball that a clone packs", () => {
    expect(ownSource("/home/me/locust cluster", OWN, project)).toEqual({
      spec: "file:locust-cluster-0.1.0.tgz",
      step: "npm pack '/home/me/locust cluster'",
    });
  });

  test("from a tarball that is put there, when a global install does not say where its own is", () => {
    expect(ownSource(join(scratch, "lib", "node_modules", OWN.name), OWN, project)).toEqual({
      spec: "file:locust-cluster-0.1.0.tgz",
      step: "cp <folder>/locust-cluster-0.1.0.tgz .",
    });
  });
});
