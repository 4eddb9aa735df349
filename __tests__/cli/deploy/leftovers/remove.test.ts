import type { Leftover } from "../../../../cli/deploy/leftovers/find";
import type { Kind, Search } from "../../../../cli/deploy/leftovers/kind";
import { removeLeftovers } from "../../../../cli/deploy/leftovers/remove";

const failure = (name: string, message = name) => Object.assign(new Error(message), { name });

/** A kind of which each answer to `remove` is given: nothing, or what AWS says. */
function kind(title: string, answers: readonly (Error | undefined)[], more: Partial<Kind> = {}): Kind {
  const left = [...answers];
  const remove = jest.fn(() => {
    const answer = left.shift();
    return answer ? Promise.reject(answer) : Promise.resolve();
  });
  return { title, find: () => Promise.resolve([]), remove, ...more };
}

const patience = (limitMs = 60_000) => ({ limitMs, pauseMs: 1, sayAfterMs: [0, 0] as const });

async function remove(leftovers: readonly Leftover[], limitMs?: number): Promise<string[]> {
  const told: string[] = [];
  await removeLeftovers(
    leftovers,
    { elsewhere: [], tell: (line) => told.push(line) } as Partial<Search> as Search,
    patience(limitMs),
  );
  return told;
}

describe("removeLeftovers", () => {
  test("says what is removed, in the order given", async () => {
    const vpc = { kind: kind("VPC", []), id: "vpc-1", name: "shop" };
    const role = { kind: kind("role", []), id: "shop-role" };
    await expect(remove([vpc, role])).resolves.toEqual([
      "  VPC vpc-1 (shop): removed",
      "  role shop-role: removed",
    ]);
  });

  test("asks again while something uses it, and says so", async () => {
    const inUse = failure("DependencyViolation", "the subnet 'subnet-1' has dependencies");
    const told = await remove([{ kind: kind("subnet", [inUse, inUse]), id: "subnet-1" }]);
    expect(told).toEqual([
      "  subnet subnet-1: still there after 0 s (the subnet 'subnet-1' has dependencies)",
      "  subnet subnet-1: still there after 0 s (the subnet 'subnet-1' has dependencies)",
      "  subnet subnet-1: removed",
    ]);
  });

  test("lets two that use each other's kind go in whatever order they can", async () => {
    const asked: string[] = [];
    const groups = kind("security group", [], {
      remove: (_search, id) => {
        asked.push(id);
        const free = id === "master" || asked.includes("master");
        return free ? Promise.resolve() : Promise.reject(failure("DependencyViolation"));
      },
    });
    await remove(["workers", "master"].map((id) => ({ kind: groups, id })));
    expect(asked).toEqual(["workers", "master", "workers"]);
  });

  test.each(["InvalidVpcID.NotFound", "NoSuchEntityException", "NoSuchBucket"])(
    "takes %s for gone",
    async (name) => {
      await expect(remove([{ kind: kind("thing", [failure(name)]), id: "x" }])).resolves.toEqual([
        "  thing x: removed",
      ]);
    },
  );

  test("waits for what AWS takes its time to delete", async () => {
    const states = ["shutting-down", "shutting-down"];
    const machines = kind("instance", [], { linger: () => Promise.resolve(states.shift()) });
    const told = await remove([{ kind: machines, id: "i-1" }]);
    expect(told.at(-2)).toBe("  instance i-1: still there after 0 s (shutting-down)");
    expect(told.at(-1)).toBe("  instance i-1: removed");
    expect(machines.remove).toHaveBeenCalledTimes(1);
  });

  test("gives up at the limit, in one sentence", async () => {
    const machines = kind("instance", [], { linger: () => Promise.resolve("shutting-down") });
    await expect(remove([{ kind: machines, id: "i-1" }], -1)).rejects.toThrow(
      /^instance i-1 is not gone after -?0 min: shutting-down$/,
    );
  });

  test("says at once what AWS refuses", async () => {
    const refused = {
      kind: kind("role", [failure("AccessDenied", "not authorized to delete")]),
      id: "shop-role",
    };
    await expect(remove([refused])).rejects.toThrow(
      "role shop-role could not be removed: permission is missing (not authorized to delete)",
    );
  });
});
