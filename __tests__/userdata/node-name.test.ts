import { FLEET_TAG, NODE_TAG } from "../../protocol/generated/constants";
import { Machine, TAGS } from "./machine";

/** Its instance id ends with 9abcdef0. */
function nameWith(tags: Readonly<{ [name: string]: string }>): unknown {
  const machine = new Machine("worker");
  try {
    machine.tag({ ...TAGS, Name: "load", ...tags });
    machine.bootstrap();
    expect(machine.read("etc/locust-cluster/node.env")).toContain(
      `CLUSTER_NODE=${String(machine.lastSent()["name"])}\n`,
    );
    return machine.lastSent()["name"];
  } finally {
    machine.remove();
  }
}

test.each([
  ["its tag", { [NODE_TAG]: "worker-3", [FLEET_TAG]: "eu" }, "worker-3"],
  ["its fleet and the end of its instance id", { [FLEET_TAG]: "eu" }, "eu-9abcdef0"],
  ["its role and the end of its instance id", { [`x-${NODE_TAG}`]: "another" }, "worker-9abcdef0"],
])("a machine is named after %s", (_, tags, name) => {
  expect(nameWith(tags)).toBe(name);
});
