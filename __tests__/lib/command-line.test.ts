import { commandLine } from "../../cli/command-line";

test.each([
  [{}, "npx locust-cluster destroy"],
  [{ LOCUST_CLUSTER_NAME: "alpha" }, "LOCUST_CLUSTER_NAME=alpha npx locust-cluster destroy"],
  [
    { LOCUST_CLUSTER_CONFIG: "my tests/it's.yaml", LOCUST_CLUSTER_WORKERS_COUNT: "3" },
    "LOCUST_CLUSTER_CONFIG='my tests/it'\\''s.yaml' npx locust-cluster destroy",
  ],
])("repeats of %j what chose the cluster, and nothing else", (env, line) => {
  expect(commandLine("destroy", env)).toBe(line);
});
