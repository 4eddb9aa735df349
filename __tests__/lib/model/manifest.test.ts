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
