import { readFileSync } from "node:fs";
import { join } from "node:path";
import { SETTINGS } from "../../../lib/model/config/keys";
import { projectRoot } from "../../../lib/model/project";
import { toJsonSchema } from "../../../tools/docs/json-schema";
import { settingsInterface } from "../../../tools/docs/settings-interface";
import { settingsTable } from "../../../tools/docs/settings-table";

const ALL = [
  "name",
  "region",
  "network.cidr",
  "network.zones",
  "master.instanceType",
  "workers.count",
  "workers.instanceType",
  "workers.environment",
  "fleets",
  "shares",
  "machines.imageId",
  "machines.pythonVersion",
  "machines.rootVolumeGiB",
  "access.webCidrs",
  "access.sshCidrs",
  "access.login",
  "access.https",
  "access.hostNames",
  "locust.version",
  "locust.locustfile",
  "locust.host",
  "locust.extraArgs",
  "results.bucket",
  "results.keepOnDestroy",
  "state.bucket",
  "tags",
];

/** Settings of each fleet. */
const INNER = ["region", "instanceTypes", "size", "max", "spot", "idle", "environment"].map(
  (key) => `fleets.<name>.${key}`,
);
const EVERY = ALL.flatMap((path) => (path === "fleets" ? [path, ...INNER] : [path]));

test("these are the settings", () => {
  expect(SETTINGS.map(({ path }) => path)).toEqual(ALL);
});

test("cluster.schema.json is what the schema gives: run 'npm run docs' when this fails", () => {
  expect(readFileSync(join(projectRoot(), "cluster.schema.json"), "utf8")).toBe(toJsonSchema());
});

test("lib/model/cluster-settings.ts is what the schema gives: run 'npm run docs' when this fails", () => {
  expect(readFileSync(join(projectRoot(), "lib", "model", "cluster-settings.ts"), "utf8")).toBe(
    settingsInterface(),
  );
});

test("lib/model/cluster-settings.ts gives every setting a default", () => {
  const text = settingsInterface();
  expect(text.match(/@default \S/g)).toHaveLength(EVERY.length);
  expect(text).not.toContain("@default undefined");
});

test("cluster.yaml explains every setting", () => {
  const text = readFileSync(join(projectRoot(), "cluster.yaml"), "utf8");
  const fleets = /^# fleets:[^]*?\n\n/m.exec(text)?.[0] ?? "";
  for (const path of EVERY.filter((each) => each !== "tags")) {
    const place = path.startsWith("fleets.") ? fleets : text;
    expect(place).toMatch(new RegExp(`^\\s*#\\s*${path.split(".").at(-1) ?? ""}:.*`, "m"));
  }
});

describe("settingsTable", () => {
  const rows = settingsTable().trimEnd().split("\n");

  test("has a row for every setting, with a meaning and what a change does", () => {
    expect(rows.slice(2).map((row) => /^\| `([^`]+)`/.exec(row)?.[1])).toEqual(EVERY);
    for (const row of rows)
      expect(
        row
          .split(/(?<!\\)\|/)
          .slice(1, -1)
          .every((cell) => cell.trim() !== ""),
      ).toBe(true);
  });

  test("tells the defaults", () => {
    expect(rows.find((row) => row.includes("`workers.count`"))).toContain("| `2` |");
    expect(rows.find((row) => row.includes("`access.webCidrs`"))).toContain("| `[0.0.0.0/0]` |");
    expect(rows.find((row) => row.includes("`locust.host`"))).toContain("| - |");
  });
});
