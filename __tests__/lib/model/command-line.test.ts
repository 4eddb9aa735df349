import { commandLine } from "../../../lib/model/command-line";
import { commandLineSources } from "../../helpers/command-line-sources";

test.each([
  [{}, "npx locust-cluster destroy"],
  [{ LOCUST_CLUSTER_NAME: "alpha" }, "LOCUST_CLUSTER_NAME=alpha npx locust-cluster destroy"],
  [
    { LOCUST_CLUSTER_CONFIG: "my tests/it's.yaml", LOCUST_CLUSTER_WORKERS_COUNT: "3" },
    "LOCUST_CLUSTER_CONFIG='my tests/it'\\''s.yaml' npx locust-cluster destroy",
  ],
  [{ LOCUST_CLUSTER_NAME: "" }, "npx locust-cluster destroy"],
])("repeats of %j what chose the cluster, and nothing else", (env, line) => {
  expect(commandLine("destroy", env)).toBe(line);
});

test("no hint of the command line is written without it", () => {
  // The examples in the help are for any cluster.
  const files = commandLineSources().filter(({ file }) => file !== "cli/commands/index.ts");
  const byHand = files.flatMap(({ file, text }) =>
    text
      .replace(/\bexamples\(.*?\]\)/gs, "")
      .split("\n")
      .filter((line) => line.includes("npx locust-cluster") && !/^\s*(\*|\/)/.test(line))
      .map((line) => `${file}: ${line.trim()}`),
  );
  expect(byHand).toEqual([]);
});
