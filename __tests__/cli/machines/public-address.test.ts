import { existingInstances, findPublicAddress, reachable } from "../../../cli/machines/public-address";
import { OUTPUTS } from "../recorded-cluster";
import { awsFailure, serveAws } from "../stub-aws";

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

test("an instance exists until EC2 has ended it, or has forgotten it", async () => {
  const instance = (id: string, state: string): string =>
    `<item><instanceId>${id}</instanceId><instanceState><name>${state}</name></instanceState></item>`;
  const all = [instance("i-1", "running"), instance("i-2", "stopped"), instance("i-3", "terminated")].join(
    "",
  );
  const body = `<DescribeInstancesResponse><reservationSet><item><instancesSet>${all}</instancesSet></item></reservationSet></DescribeInstancesResponse>`;
  const { server, env } = await serveAws({ DescribeInstances: { status: 200, body } });
  const before = { ...process.env };
  Object.assign(process.env, env);
  try {
    const found = await existingInstances(["i-1", "i-2", "i-3", "i-4"], "us-east-1");
    expect(found).toEqual(["i-1", "i-2"]);
  } finally {
    process.env = before;
    server.close();
  }
});

describe("while EC2 throttles, as it does while Terraform reads hundreds of machines", () => {
  const before = { ...process.env };

  afterEach(() => {
    process.env = { ...before };
  });

  // The waits between the tries are random, five seconds at most together.
  test("it is asked for again", async () => {
    const throttled = awsFailure(503, "RequestLimitExceeded", "Request limit exceeded.");
    const { server, env } = await serveAws({ DescribeInstances: [throttled, throttled, throttled, FOUND] });
    Object.assign(process.env, env);
    try {
      await expect(findPublicAddress(WORKER, "us-east-1")).resolves.toBe("203.0.113.9");
    } finally {
      server.close();
    }
  }, 30_000);
});

const FOUND = {
  status: 200,
  body:
    "<DescribeInstancesResponse><reservationSet><item><instancesSet><item><ipAddress>203.0.113.9</ipAddress>" +
    "<instanceState><name>running</name></instanceState></item></instancesSet></item></reservationSet></DescribeInstancesResponse>",
};
