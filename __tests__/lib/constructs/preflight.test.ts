import { load } from "../model/load";
import { resource, resources, synth, synthCluster, type Synthesized } from "../synth";

const PREFLIGHT = "terraform_data.preparation_files";

/** Addresses that a resource refers to, by expression or by depends_on. */
function references(stack: Synthesized, value: unknown): string[] {
  const text = JSON.stringify(value);
  return resources(stack).flatMap(([address]) =>
    new RegExp(`${address.replace(".", "\\.")}(?![\\w-])`).test(text) ? [address] : [],
  );
}

function comesAfter(stack: Synthesized, address: string, goal: string, seen = new Set<string>()): boolean {
  if (address === goal) return true;
  if (seen.has(address)) return false;
  seen.add(address);
  return references(stack, resource(stack, address)).some((next) => comesAfter(stack, next, goal, seen));
}

describe("Preflight", () => {
  test("runs the command line's check in the project's folder, by a relative path", () => {
    expect(resource(synth(), PREFLIGHT)["provisioner"]).toEqual([
      {
        "local-exec": expect.objectContaining({
          command: "node bin/locust-cluster.js prepare --by-terraform",
          working_dir: "../../..",
        }) as unknown,
      },
    ]);
  });

  test("hands on what led to this configuration, as text", () => {
    const overrides = { LOCUST_CLUSTER_WORKERS_COUNT: "20", LOCUST_CLUSTER_TAGS: "{ team: a }" };
    const stack = synthCluster({
      ...load("", overrides),
      environment: { ...overrides, LOCUST_CLUSTER_LOCUST_HOST: "${x}" },
    });
    expect(resource(stack, PREFLIGHT)["provisioner"]).toMatchObject([
      {
        "local-exec": {
          environment: {
            LOCUST_CLUSTER_WORKERS_COUNT: "20",
            LOCUST_CLUSTER_TAGS: " { team: a }",
            LOCUST_CLUSTER_LOCUST_HOST: "$${x}",
          },
        },
      },
    ]);
  });

  test("runs again when an environment or the bundle changes, and only then", () => {
    const triggers = (yaml: string): unknown => resource(synth(yaml), PREFLIGHT)["triggers_replace"];
    expect(triggers("workers: { count: 5 }")).toEqual(triggers(""));
    expect(triggers('locust: { version: "2.48.0" }')).not.toEqual(triggers(""));
  });

  test("comes before everything that is created, so that a broken test creates nothing", () => {
    const stack = synth("access: { https: true }");
    const early = resources(stack)
      .map(([address]) => address)
      .filter((address) => !comesAfter(stack, address, PREFLIGHT));
    // The list of zones is a note in the state, not a thing in AWS.
    expect(early).toEqual(["terraform_data.zones_chosen"]);
  });

  test("has no part in destroying", () => {
    expect(JSON.stringify(resource(synth(), PREFLIGHT))).not.toContain("destroy");
  });
});
