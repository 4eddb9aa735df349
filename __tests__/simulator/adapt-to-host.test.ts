import { loadCluster } from "../../lib/model/config";
import { adaptToHost } from "../../simulator/adapt-to-host";

const FLEETS = {
  LOCUST_CLUSTER_FLEETS: "{ eu: { instanceTypes: [c7g.large, c8g.large], size: 5, max: 9 } }",
};

const configOf = (env: Record<string, string>) => loadCluster({ env }).config;

describe("what a host plays of a cluster", () => {
  test("all of it, where it can", () => {
    const env = { LOCUST_CLUSTER_FLEETS: "{ eu: { max: 3 } }" };
    expect(adaptToHost(configOf(env), "arm64").notices).toEqual([]);
  });

  test("types of its own architecture, and a few machines, also in fleets", () => {
    const { overrides, notices } = adaptToHost(configOf(FLEETS), "x64");
    expect(notices.slice(-2)).toEqual([
      "fleet eu has c7i.large instead of c7g.large, c8g.large",
      "at most 3 machines in fleet eu instead of 9",
    ]);
    expect(configOf(overrides).fleets).toEqual({
      eu: { ...configOf(FLEETS).fleets["eu"], instanceTypes: ["c7i.large"], size: 3, max: 3 },
    });
  });

  test("says nothing of fleets where there are none", () => {
    expect(adaptToHost(configOf({}), "arm64").overrides).not.toHaveProperty("LOCUST_CLUSTER_FLEETS");
  });
});
