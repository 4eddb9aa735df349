import { FLEET_TAG, NODE_TAG } from "../../protocol/generated/constants";
import { Machine, TAGS } from "./machine";

/** Its instance id ends with 9abcdef0. */
function recordWith(tags: Readonly<Record<string, string>>): unknown {
  const machine = new Machine("worker");
  try {
    machine.tag({ ...TAGS, Name: "load", ...tags });
    machine.bootstrap();
    const record = machine.lastSent();
    expect(machine.read("etc/locust-cluster/node.env")).toContain(
      `CLUSTER_NODE=${record.name}\nCLUSTER_FLEET=${record.fleet}\n`,
    );
    return record;
  } finally {
    machine.remove();
  }
}

test.each([
  ["its tag", { [NODE_TAG]: "worker-3", [FLEET_TAG]: "eu" }, { name: "worker-3", fleet: "eu" }],
  ["its fleet and the end of its instance id", { [FLEET_TAG]: "eu" }, { name: "eu-9abcdef0", fleet: "eu" }],
  [
    "its role and the end of its instance id",
    { [`x-${NODE_TAG}`]: "another" },
    { name: "worker-9abcdef0", fleet: "" },
  ],
])("a machine is named after %s, and says its fleet", (_, tags, said) => {
  expect(recordWith(tags)).toMatchObject(said);
});
