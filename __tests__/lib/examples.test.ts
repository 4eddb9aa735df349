import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { loadCluster, testOf } from "../../lib/model/config";
import { projectRoot } from "../../lib/model/project";
import { resource, synthCluster } from "./synth";

const folder = join(projectRoot(), "examples");
/** Those with a cluster.yaml; examples/construct is a program, which package.test.ts deploys. */
const names = readdirSync(folder).filter((name) => existsSync(join(folder, name, "cluster.yaml")));

test("these are the examples", () => {
  expect(names).toEqual(["bigger-fleet", "ci", "closed-access", "elastic-fleets", "minimal", "state-in-s3"]);
  expect(readdirSync(folder)).toEqual([
    "bigger-fleet",
    "ci",
    "closed-access",
    "construct",
    "elastic-fleets",
    "minimal",
    "state-in-s3",
    "tsconfig.json",
  ]);
});

describe.each(names)("examples/%s", (name) => {
  const cluster = loadCluster({ file: join(folder, name, "cluster.yaml"), env: {} });

  test("makes this cluster", () => {
    const stack = synthCluster(cluster);
    const made = Object.entries(stack.resource).map(([type, byName]) => [type, Object.keys(byName)]);
    const machines = ["master", "workers"].map((name) => {
      const { for_each, instance_type } = resource(stack, `aws_instance.${name}_instance`);
      return `${for_each ? Object.keys(for_each).join(" ") : name} ${String(instance_type)}`;
    });
    expect({
      machines,
      ...(Object.fromEntries(made) as object),
      backend: stack.terraform.backend,
    }).toMatchSnapshot();
  });

  test("has its locustfile and a README", () => {
    const test = testOf(cluster);
    for (const path of test.locustfiles) expect(existsSync(join(test.directory, path))).toBe(true);
    expect(existsSync(join(folder, name, "README.md"))).toBe(true);
  });
});
