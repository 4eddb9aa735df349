import { SETTINGS, toVariable } from "../../../../lib/model/config/keys";
import { load } from "../load";

describe("overrides from the environment", () => {
  test("win over the file", () => {
    const { config } = load("workers: { count: 3 }", { LOCUST_CLUSTER_WORKERS_COUNT: "20" });
    expect(config.workers).toMatchObject({ count: 20, instanceType: "c7g.large" });
  });

  test("work without the group in the file", () => {
    expect(load("", { LOCUST_CLUSTER_ACCESS_HTTPS: "true" }).config.access.https).toBe(true);
  });

  test("are YAML: lists and groups too", () => {
    const { config } = load("", {
      LOCUST_CLUSTER_ACCESS_WEB_CIDRS: "[203.0.113.7/32]",
      LOCUST_CLUSTER_TAGS: "{ team: a }",
    });
    expect([config.access.webCidrs, config.tags]).toEqual([["203.0.113.7/32"], { team: "a" }]);
  });

  test("are taken as they stand where text is meant", () => {
    const { config } = load("", {
      LOCUST_CLUSTER_MACHINES_PYTHON_VERSION: "3.12",
      LOCUST_CLUSTER_NAME: "true",
    });
    expect([config.machines.pythonVersion, config.name]).toEqual(["3.12", "true"]);
  });

  test("count as not set when empty, as CI systems pass them", () => {
    expect(load("workers: { count: 3 }", { LOCUST_CLUSTER_WORKERS_COUNT: "" }).config.workers.count).toBe(3);
  });

  test("are handed on to programs that follow", () => {
    const { environment } = load("", { LOCUST_CLUSTER_WORKERS_COUNT: "20", PATH: "/bin" });
    expect(environment).toMatchObject({ LOCUST_CLUSTER_WORKERS_COUNT: "20" });
    expect(environment).not.toHaveProperty("PATH");
  });

  test("are named when their value is not allowed", () => {
    expect(() => load("", { LOCUST_CLUSTER_WORKERS_COUNT: "many" })).toThrow(
      "LOCUST_CLUSTER_WORKERS_COUNT: 'workers.count' must be a whole number from 0 to 500, got \"many\"",
    );
  });

  test("are named when they are not YAML", () => {
    expect(() => load("", { LOCUST_CLUSTER_TAGS: "{ a" })).toThrow("LOCUST_CLUSTER_TAGS is not valid YAML: ");
  });

  test.each([
    ["LOCUST_CLUSTER_WORKER_COUNT", "; did you mean LOCUST_CLUSTER_WORKERS_COUNT?"],
    ["LOCUST_CLUSTER_CONFG", "; did you mean LOCUST_CLUSTER_CONFIG?"],
    ["LOCUST_CLUSTER_SOMETHING_ELSE", ""],
    ["LOCUST_CLUSTER_FLEETS_EU_SIZE", ": LOCUST_CLUSTER_FLEETS holds all of the group, as YAML"],
    ["LOCUST_CLUSTER_REGIONS_EU_CENTRAL_1_CIDR", ": LOCUST_CLUSTER_REGIONS holds all of the group, as YAML"],
    [
      "LOCUST_CLUSTER_WORKERS_ENVIRONMENT_SHOP",
      ": LOCUST_CLUSTER_WORKERS_ENVIRONMENT holds all of the group, as YAML",
    ],
  ])("%s is refused", (variable, advice) => {
    expect(() => load("", { [variable]: "1" })).toThrow(new Error(`${variable} names no setting${advice}`));
  });

  test("every setting has a variable of its own", () => {
    const variables = SETTINGS.map(({ path }) => toVariable(path));
    expect(new Set(variables).size).toBe(SETTINGS.length);
    expect(variables).toContain("LOCUST_CLUSTER_MACHINES_ROOT_VOLUME_GIB");
    for (const variable of variables) expect(variable).toMatch(/^LOCUST_CLUSTER(_[A-Z]+)+$/);
  });
});
