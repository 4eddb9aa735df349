import { nextStep } from "../../../cli/cluster/next-step";

const NOTHING = { local: undefined, localRun: undefined, deployed: [] };
const LOCAL = "http://127.0.0.1:8089";

test.each([
  [
    NOTHING,
    "Next: 'npx locust-cluster local' starts a cluster on this machine, without AWS and without cost.",
  ],
  [
    { ...NOTHING, local: LOCAL },
    "Next: a local cluster is running: start a run with 'npx locust-cluster run -u 20 -r 5 -t 1m', or open http://127.0.0.1:8089",
  ],
  [
    { ...NOTHING, local: LOCAL, localRun: "20261121-110432" },
    "Next: run 20261121-110432 is under way on the local cluster: watch it with 'npx locust-cluster attach', end it with 'npx locust-cluster stop'",
  ],
  [
    { ...NOTHING, deployed: [{ name: "shop", run: undefined, extent: "complete" as const }] },
    "Next: cluster 'shop' was deployed from here: start a run with 'npx locust-cluster run -u 20 -r 5 -t 1m', see it with 'npx locust-cluster status', remove it with 'npx locust-cluster destroy'",
  ],
  [
    { ...NOTHING, deployed: [{ name: "shop", run: undefined, extent: "part" as const }] },
    "Next: cluster 'shop' is incomplete, and what remains of it may cost money: complete it with 'npx locust-cluster deploy', or remove it with 'npx locust-cluster destroy'",
  ],
  [
    { ...NOTHING, deployed: [{ name: "shop", run: undefined, extent: "whole" as const }] },
    "Next: cluster 'shop' has all its resources but no outputs: bring them back with 'npx locust-cluster deploy', or remove it with 'npx locust-cluster destroy'",
  ],
  [
    { ...NOTHING, chosen: "locust", deployed: [{ name: "shop", run: undefined, extent: "part" as const }] },
    "Next: cluster 'shop' is incomplete, and what remains of it may cost money: complete it with 'LOCUST_CLUSTER_NAME=shop npx locust-cluster deploy', or remove it with 'LOCUST_CLUSTER_NAME=shop npx locust-cluster destroy'",
  ],
  [
    {
      local: LOCAL,
      localRun: undefined,
      deployed: [{ name: "shop", run: "20261121-110432", extent: "complete" as const }],
    },
    [
      "Next: a local cluster is running: start a run with 'npx locust-cluster run --local -u 20 -r 5 -t 1m', or open http://127.0.0.1:8089",
      "      run 20261121-110432 is under way on cluster 'shop': watch it with 'npx locust-cluster attach --cloud', end it with 'npx locust-cluster stop --cloud'",
    ].join("\n"),
  ],
])("%j", (found, sentence) => {
  expect(nextStep(found)).toBe(sentence);
});
