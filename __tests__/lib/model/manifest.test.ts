import { testOf } from "../../../lib/model/config";
import {
  toLocalManifest,
  toManifest,
  toPushedManifest,
  type ManifestOptions,
} from "../../../lib/model/manifest";
import { problemsOf } from "../../helpers/schema";
import { load } from "./load";

const BUNDLE = "b".repeat(20);

function options(yaml = "", environments: ManifestOptions["environments"] = {}): ManifestOptions {
  const cluster = load(yaml);
  return { config: cluster.config, test: testOf(cluster), bundle: BUNDLE, environments };
}

test("a manifest of a deploy, of a push and of a local cluster is what its schema says", () => {
  const deployed = toManifest(options("name: shop\nresults: { bucket: team }", { arm64: "e".repeat(20) }));
  const pushed = toPushedManifest(deployed, options("", { arm64: "f".repeat(20) }));
  const local = toLocalManifest({
    ...options("access: { https: true }"),
    host: "http://127.0.0.1:8090",
    workers: 2,
  });
  for (const manifest of [deployed, pushed, local]) expect(problemsOf("manifest", manifest)).toBe("");
});

describe("a manifest with fleets", () => {
  const yaml =
    "workers: { environment: { SHOP: com } }\nfleets: { eu: { size: 1, max: 3, idle: 1h30m, spot: true, environment: { SHOP: de } }, us: {} }";

  test("tells the master of them, and all machines their variables", () => {
    const manifest = toManifest(options(yaml));
    expect(problemsOf("manifest", manifest)).toBe("");
    expect(manifest).toMatchObject({
      environment: { SHOP: "com" },
      fleets: {
        eu: { region: "us-east-1", size: 1, max: 3, idle: 5400, spot: true, environment: { SHOP: "de" } },
        us: { region: "us-east-1", size: 0, max: 10, idle: 600, spot: false },
      },
    });
    expect(manifest.fleets?.["us"]).not.toHaveProperty("environment");
  });

  test("has the keys of one without them first, in their order", () => {
    const before = Object.entries(toManifest(options()));
    expect(Object.entries(toManifest(options(yaml))).slice(0, before.length)).toEqual(before);
    expect(before.map(([key]) => key)).not.toContain("fleets");
    expect(before.map(([key]) => key)).not.toContain("environment");
  });

  test("has only the variables in a local cluster, and keeps all in a push", () => {
    const local = toLocalManifest({ ...options(yaml), workers: 2 });
    expect(local.environment).toEqual({ SHOP: "com" });
    expect(local).not.toHaveProperty("fleets");
    const deployed = toManifest(options(yaml));
    expect(toPushedManifest(deployed, options()).fleets).toEqual(deployed.fleets);
  });
});

describe("a manifest with shares", () => {
  const yaml = "fleets: { eu: {} }\nshares: { eu: 60%, workers: 40% }";

  test("tells the master of them, and keeps them in a push", () => {
    const deployed = toManifest(options(yaml));
    expect(problemsOf("manifest", deployed)).toBe("");
    expect(deployed.shares).toEqual({ eu: "60%", workers: "40%" });
    expect(toPushedManifest(deployed, options()).shares).toEqual(deployed.shares);
    expect(toManifest(options())).not.toHaveProperty("shares");
  });

  test("has none in a local cluster, which has no fleets", () => {
    expect(toLocalManifest({ ...options(yaml), workers: 2 })).not.toHaveProperty("shares");
  });
});

test("a push changes the test and how Locust is started, and keeps all else with its order", () => {
  const deployed = toManifest(
    options("name: shop\nresults: { bucket: team }\naccess: { login: custom }", { arm64: "e".repeat(20) }),
  );
  const later = { ...deployed, of_a_newer_version: true };
  const pushed = toPushedManifest(
    later,
    options("workers: { count: 7 }\nlocust: { extraArgs: [--tags, a] }", { arm64: "f".repeat(20) }),
  );
  expect(Object.keys(pushed)).toEqual(Object.keys(later));
  expect(pushed).toEqual({
    ...later,
    environments: { arm64: "f".repeat(20) },
    locust: { ...deployed.locust, args: ["--tags", "a"] },
  });
});

test.each([
  ["generated", "none"],
  ["custom", "custom"],
  ["none", "none"],
])("with the login %s, a local cluster has the login %s, no https and its runs at home", (login, local) => {
  const yaml = `results: { bucket: team }\naccess: { login: ${login}, https: true }`;
  expect(toLocalManifest({ ...options(yaml), workers: 2 })).toMatchObject({
    environments: {},
    locust: { host: null },
    login: local,
    https: false,
    results: null,
  });
});

test("a manifest says how many worker machines there are: those deployed, or the processes of a local cluster", () => {
  const wanted = options("workers: { count: 7 }");
  expect(toManifest(wanted).expected).toEqual({ workers: 7 });
  expect(toLocalManifest({ ...wanted, workers: 2 }).expected).toEqual({ workers: 2 });
});
