import { reachable } from "../../cli/public-address";
import { OUTPUTS } from "./recorded-cluster";

const WORKER = OUTPUTS.nodes.find(({ role }) => role === "worker")!;

test("is the one that EC2 knows", () => {
  expect(reachable(WORKER, { state: "running", publicIp: "203.0.113.9" })).toBe("203.0.113.9");
});

test.each([
  [undefined, "is gone"],
  [{ state: "terminated", publicIp: undefined }, "is gone"],
  [{ state: "stopping", publicIp: undefined }, "is stopping"],
  [{ state: "pending", publicIp: undefined }, "has no public address yet"],
])("is none of %j", (found, reason) => {
  expect(() => reachable(WORKER, found)).toThrow(`${WORKER.name} (${WORKER.instance_id}) ${reason}`);
});
