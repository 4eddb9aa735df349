import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { confirmations, groupByReason } from "../../../../cli/deploy/push/confirmations";
import { nextCurrent } from "../../../../cli/deploy/push/current";
import { FolderStore, type ObjectStore } from "../../../../cli/deploy/push/object-store";
import { publish } from "../../../../cli/deploy/push/publish";
import type { NodeRecord } from "../../../../cli/machines/ledger";
import { loadCluster } from "../../../../lib/model/config";
import { environmentsOf } from "../../../../lib/model/environments";
import type { Manifest } from "../../../../protocol/generated/manifest";
import type { ClusterNode } from "../../../../test-runs/master/master-api";
import { load } from "../../../lib/model/load";
import { resource, synthCluster } from "../../../lib/synth";
import { record } from "../../recorded-cluster";

const NEW = "b".repeat(20);
const OLD = "a".repeat(20);
const WANTED = { bundle: NEW, environments: ["e".repeat(20)] };

function deployedCurrent(yaml = ""): { content: string; cluster: ReturnType<typeof load> } {
  const cluster = { ...load(yaml), environment: {} };
  const stack = synthCluster(cluster);
  const content = String(resource(stack, "aws_s3_object.release_current")["content_base64"]);
  return { content: Buffer.from(content, "base64").toString(), cluster };
}

describe("nextCurrent", () => {
  test("is byte for byte what deploy writes, so that a deploy finds nothing to change", () => {
    const { content, cluster } = deployedCurrent();
    const current = JSON.parse(content) as Manifest;
    const contents = { bundle: current.bundle, environments: environmentsOf(cluster) };
    const older = { ...current, bundle: OLD, locust: { ...current.locust, version: "2.47.1" } };
    expect(JSON.stringify(nextCurrent(older, cluster, contents))).toBe(content);
  });

  test("keeps what only a deploy can change", () => {
    const { content } = deployedCurrent();
    const closed = load("access: { login: none, https: true }\nlocust: { host: 'https://shop.example' }");
    const next = nextCurrent(JSON.parse(content) as Manifest, closed, {
      bundle: NEW,
      environments: environmentsOf(closed),
    });
    expect(next).toMatchObject({ bundle: NEW, login: "generated", https: false });
    expect(next.locust.host).toBe("https://shop.example");
  });

  test.each([
    [
      'machines: { pythonVersion: "3.12" }',
      "'machines.pythonVersion' asks for 3.12, but the machines have 3.13",
    ],
    [
      "master: { instanceType: t3.small }\nworkers: { instanceType: c7i.large }",
      "'instanceType' asks for x86_64, but the machines have arm64",
    ],
  ])("refuses %s", (yaml, message) => {
    const { content } = deployedCurrent();
    const cluster = load(yaml);
    const contents = { bundle: NEW, environments: environmentsOf(cluster) };
    expect(() => nextCurrent(JSON.parse(content) as Manifest, cluster, contents)).toThrow(message);
  });

  test("leaves a local cluster its own target", () => {
    const { content, cluster } = deployedCurrent();
    const deployed = JSON.parse(content) as Manifest;
    const host = "http://127.0.0.1:8090";
    const local = { ...deployed, environments: {}, locust: { ...deployed.locust, host } };
    const next = nextCurrent(local, cluster, { bundle: NEW, environments: environmentsOf(cluster) });
    expect(next).toMatchObject({ environments: {}, locust: { host } });
  });
});

function node(name: string, more: Partial<ClusterNode> = {}): ClusterNode {
  const process = { id: `${name}_1`, index: 1, pid: 100, state: "ready", user_count: 0, cpu_usage: 0 };
  return {
    name,
    role: name === "master" ? "master" : "worker",
    instance_id: `i-${name}`,
    state: "ready",
    processes: name === "master" ? [] : [process],
    expected_processes: name === "master" ? 0 : 1,
    bundle: NEW,
    environment: "e".repeat(20),
    instance_type: "c7g.large",
    hostname: `ip-${name}`,
    private_ip: "10.77.0.20",
    versions: { locust: "2.47.0" },
    ...more,
  };
}

const refusal = (bundle: string): Partial<NodeRecord> => ({
  refused: { bundle, reason: "the test cannot be loaded", log: ["NameError"] },
});

const named = (...names: string[]) => names.map((name) => ({ name, instance_id: `i-${name}` }));

describe("confirmations", () => {
  const states = (nodes: ClusterNode[], records: NodeRecord[] = []) =>
    confirmations(named("master", "worker-1"), WANTED, nodes, records).map(({ state, reason }) => [
      state,
      reason,
    ]);

  test("are complete when every machine runs the test with all its processes", () => {
    expect(states([node("master"), node("worker-1")])).toEqual([
      ["confirmed", ""],
      ["confirmed", ""],
    ]);
  });

  test.each([
    [[node("master")], ["waiting", "is not connected to the master yet"]],
    [
      [node("master"), node("worker-1", { bundle: OLD })],
      ["waiting", "still runs aaaaaaaa"],
    ],
    [
      [node("master"), node("worker-1", { environment: "" })],
      ["waiting", "is still starting its processes"],
    ],
    [
      [node("master"), node("worker-1", { expected_processes: 2 })],
      ["waiting", "is still starting its processes"],
    ],
  ])("wait for a worker (case %#)", (nodes, expected) => {
    expect(states(nodes)[1]).toEqual(expected);
  });

  test("tell a refusal of this test, not one of an earlier one", () => {
    const nodes = [node("master"), node("worker-1", { bundle: OLD })];
    expect(states(nodes, [record("worker-1", refusal(NEW))])[1]).toEqual([
      "refused",
      "the test cannot be loaded",
    ]);
    expect(states(nodes, [record("worker-1", refusal(OLD))])[1]![0]).toBe("waiting");
  });

  test("take no other machine's word, whatever name it gives itself", () => {
    const liar = record("worker-1", { instance_id: "i-worker-2", ...refusal(NEW) });
    const nodes = [node("master"), node("worker-1", { instance_id: "i-worker-2" })];
    expect(states(nodes, [liar])[1]).toEqual(["waiting", "is not connected to the master yet"]);
  });

  test("are told once for machines that say the same", () => {
    const records = ["worker-1", "worker-2"].map((name) => record(name, refusal(NEW)));
    const found = confirmations(named("master", "worker-1", "worker-2"), WANTED, [node("master")], records);
    expect(groupByReason(found)).toEqual([
      {
        names: ["worker-1", "worker-2"],
        state: "refused",
        reason: "the test cannot be loaded",
        log: ["NameError"],
      },
    ]);
  });
});

test("publish tells that somebody else published meanwhile", async () => {
  const { content } = deployedCurrent();
  const cluster = { ...loadCluster({ env: {} }), environment: {} };
  const store: ObjectStore = {
    has: () => Promise.resolve(true),
    get: () =>
      Promise.resolve({ content: content.replace(/"bundle":"\w+"/, `"bundle":"${OLD}"`), tag: "read" }),
    put: () => Promise.reject(new Error("all that is needed is there")),
    replace: (_key, _content, tag) => Promise.resolve(tag !== "read"),
    records: () => Promise.resolve([]),
    close: () => undefined,
  };
  await expect(publish(cluster, store, () => undefined)).rejects.toThrow(
    "another push or deploy published a test while this one was uploading",
  );
});

test("a folder replaces only the version that was read", async () => {
  const folder = mkdtempSync(join(tmpdir(), "locust-cluster-store-"));
  try {
    const store = new FolderStore(folder);
    await store.put("bundle/current.json", "{}");
    const { tag } = await store.get("bundle/current.json");
    expect(await store.replace("bundle/current.json", "first", tag)).toBe(true);
    expect(await store.replace("bundle/current.json", "second", tag)).toBe(false);
    expect((await store.get("bundle/current.json")).content).toBe("first");
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test("a folder holds the store of a local cluster", async () => {
  const folder = mkdtempSync(join(tmpdir(), "locust-cluster-store-"));
  try {
    const store = new FolderStore(folder);
    expect(await store.has("bundle/current.json")).toBe(false);
    await store.put("bundle/current.json", "{}");
    expect(await store.get("bundle/current.json")).toMatchObject({ content: "{}" });
    expect(await store.records()).toEqual([]);
    const worker = record("worker-1", refusal(NEW));
    await store.put("nodes/worker-1.json", JSON.stringify(worker));
    expect(await store.records()).toEqual([worker]);
    expect(readFileSync(join(folder, "nodes", "worker-1.json"), "utf8")).toContain(NEW);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
