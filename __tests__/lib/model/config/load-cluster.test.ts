import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { loadCluster, testOf } from "../../../../lib/model/config";
import { projectRoot } from "../../../../lib/model/project";
import { load } from "../load";

const DEFAULTS = {
  name: "locust",
  region: "us-east-1",
  network: { cidr: "10.77.0.0/16", zones: 2 },
  master: { instanceType: "t4g.small" },
  workers: { count: 2, instanceType: "c7g.large", environment: {} },
  fleets: {},
  shares: {},
  machines: { pythonVersion: "3.13", rootVolumeGiB: 10 },
  access: {
    webCidrs: ["0.0.0.0/0"],
    sshCidrs: ["0.0.0.0/0"],
    login: "generated",
    https: false,
    hostNames: [],
  },
  locust: { version: "2.47.0", locustfile: "locust/locustfile.py", extraArgs: [] },
  results: { keepOnDestroy: true },
  state: {},
  tags: {},
};

describe("loadCluster", () => {
  test.each([
    ["an empty file", ""],
    ["comments only", "# name: x\n"],
    ["groups without keys", "network:\nworkers:\n  # count: 3\ntags:\n"],
    ["a key without a value", "locust:\n  host:\n"],
  ])("fills in the defaults for %s", (_what, yaml) => {
    expect(load(yaml).config).toEqual(DEFAULTS);
  });

  test.each([
    ["workrs:\n", "cluster.yaml:1: 'workrs' is not a setting"],
    ["workers:\n  cuont:\n", "cluster.yaml:2: 'workers.cuont' is not a setting"],
  ])("refuses a misspelt key without a value: %j", (yaml, message) => {
    expect(() => load(yaml)).toThrow(message);
  });

  test("the project's own cluster.yaml is all defaults", () => {
    expect(loadCluster({ env: {} }).config).toEqual(DEFAULTS);
  });

  test("keeps what the file says", () => {
    const { config } = load("name: shop\nworkers: { count: 0 }\ntags: { team: a b }\n");
    expect(config).toEqual({
      ...DEFAULTS,
      name: "shop",
      workers: { ...DEFAULTS.workers, count: 0 },
      tags: { team: "a b" },
    });
  });

  test("takes the file from LOCUST_CLUSTER_CONFIG and says so to programs that follow", () => {
    const file = join(projectRoot(), "examples", "minimal", "cluster.yaml");
    const cluster = loadCluster({ env: { LOCUST_CLUSTER_CONFIG: relative(process.cwd(), file) } });
    expect(cluster).toMatchObject({ file, directory: join(projectRoot(), "examples", "minimal") });
    expect(cluster.environment).toEqual({ LOCUST_CLUSTER_CONFIG: "examples/minimal/cluster.yaml" });
  });

  test("finds the test beside the configuration", () => {
    const cluster = loadCluster({
      file: join(projectRoot(), "examples", "minimal", "cluster.yaml"),
      env: {},
    });
    expect(testOf(cluster)).toEqual({
      directory: join(projectRoot(), "examples", "minimal", "locust"),
      locustfiles: ["locustfile.py"],
    });
  });
});

describe("a file that cannot be read", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "locust-cluster-none-"));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  test("is named", () => {
    const file = join(folder, "cluster.yaml");
    expect(() => loadCluster({ file, env: {} })).toThrow(`there is no ${file}`);
    expect(() => loadCluster({ env: { LOCUST_CLUSTER_CONFIG: file } })).toThrow(
      `there is no ${file} (from LOCUST_CLUSTER_CONFIG)`,
    );
  });

  test("may be a folder by mistake", () => {
    mkdirSync(join(folder, "examples"));
    writeFileSync(join(folder, "examples", "cluster.yaml"), "");
    expect(() => loadCluster({ file: join(folder, "examples"), env: {} })).toThrow(
      "examples is a folder; name the cluster.yaml in it",
    );
  });
});
