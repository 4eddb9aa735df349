import type { Config } from "../../../lib/model/config";
import { loadCluster, testOf } from "../../../lib/model/config";
import { join } from "node:path";
import { withLocustArgs, withLocustfiles } from "../../../cli/local/make-plan";
import { nodeNames, processEnvironment, type LocalPlan } from "../../../cli/local/local-plan";
import { toLocalManifest } from "../../../lib/model/manifest";
import { projectRoot } from "../../../lib/model/project";

const cluster = loadCluster({ file: join(projectRoot(), "cluster.yaml"), env: {} });

function plan(more: Partial<LocalPlan> = {}, config: Config = cluster.config): LocalPlan {
  return {
    id: "0123456789abcdef",
    token: undefined,
    root: "/project",
    packageRoot: "/project/node_modules/locust-cluster",
    folder: "/project/.cache/local",
    config,
    test: { directory: "/project/locust", locustfiles: ["locustfile.py"] },
    locustArgs: [],
    workers: 2,
    host: "http://127.0.0.1:8090",
    pagePort: 8089,
    workerPort: 5557,
    targetPort: 8090,
    bundle: "0123456789abcdef0123",
    ...more,
  };
}

describe("a local plan", () => {
  test("names several locustfiles as Locust does", () => {
    const test = { directory: "/project/tests", locustfiles: ["a.py", "more"] };
    expect(toLocalManifest(plan({ test }))).toMatchObject({ locust: { locustfile: "a.py,more" } });
  });

  test("counts each worker process as a machine", () => {
    expect(nodeNames(plan({ workers: 3 }))).toEqual(["master", "worker-1", "worker-2", "worker-3"]);
  });

  test("runs the package's agent, and keeps its runs in the project", () => {
    expect(processEnvironment(plan(), "master")).toMatchObject({
      PYTHONPATH: "/project/node_modules/locust-cluster/agent",
      CLUSTER_RUNS_DIR: "/project/runs",
    });
  });

  test("listens on loopback only", () => {
    const environment = processEnvironment(plan(), "master");
    expect(environment).toMatchObject({ CLUSTER_WEB_HOST: "127.0.0.1", CLUSTER_MASTER_HOST: "127.0.0.1" });
  });

  test("gives each process a folder of its own for what it says", () => {
    const folders = nodeNames(plan()).map((node) => processEnvironment(plan(), node)["CLUSTER_RUN_DIR"]);
    expect(new Set(folders).size).toBe(3);
  });

  test("writes the store as an address, also with a space in the path", () => {
    const { CLUSTER_STORE } = processEnvironment(plan({ folder: "/my project/.cache/local" }), "master");
    expect(CLUSTER_STORE).toBe("file:///my%20project/.cache/local/store");
  });

  test("asks nobody for a login and serves no TLS: nobody else reaches the page", () => {
    const config = {
      ...cluster.config,
      access: { ...cluster.config.access, login: "generated" as const, https: true },
    };
    expect(toLocalManifest(plan({}, config))).toMatchObject({ login: "none", https: false });
  });

  test("keeps a login of the test's own", () => {
    const config = { ...cluster.config, access: { ...cluster.config.access, login: "custom" as const } };
    expect(toLocalManifest(plan({}, config))).toMatchObject({ login: "custom" });
    const secrets = { CLUSTER_SECRETS: "/project/.cache/local/master.json" };
    expect(processEnvironment(plan({ token: "t" }, config), "master")).toMatchObject(secrets);
    expect(processEnvironment(plan({ token: "t" }, config), "worker-1")).not.toHaveProperty(
      "CLUSTER_SECRETS",
    );
  });

  test("leaves the host to the locustfile where there is none", () => {
    expect(toLocalManifest(plan({ host: undefined }))).toMatchObject({ locust: { host: null } });
  });
});

test("options for Locust follow those of cluster.yaml, and may not break the cluster", () => {
  const { config } = withLocustArgs(cluster, ["--tags", "checkout"]);
  expect(config.locust.extraArgs).toEqual(["--tags", "checkout"]);
  expect(() => withLocustArgs(cluster, ["--headless"])).toThrow("--headless is not allowed in a cluster");
});

test("another locustfile brings its own folder", () => {
  const test = testOf(withLocustfiles(cluster, ["/elsewhere/test.py"]));
  expect(test).toEqual({ directory: "/elsewhere", locustfiles: ["test.py"] });
  expect(withLocustfiles(cluster, undefined)).toBe(cluster);
});
