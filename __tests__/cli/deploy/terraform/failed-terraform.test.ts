import { tellFailedDeploy, tellFailedDestroy } from "../../../../cli/deploy/terraform/failed-terraform";

const text = ({ problem, advice }: ReturnType<typeof tellFailedDeploy>) => [problem, ...advice].join("\n");

describe("a deploy that failed", () => {
  const failed = { cluster: "shop", interrupted: false, log: "deploy.log" };

  test("may be destroyed when it was the first", () => {
    expect(text(tellFailedDeploy({ ...failed, stood: false }))).toBe(
      "the deploy did not succeed; all output is in deploy.log\n" +
        "'npx locust-cluster deploy' tries again, 'npx locust-cluster destroy' removes what was created",
    );
  });

  test("is no reason to destroy a cluster that stood before", () => {
    expect(text(tellFailedDeploy({ ...failed, stood: true }))).toBe(
      "the change of cluster 'shop' did not succeed; all output is in deploy.log\n" +
        "the cluster is still there: fix the error above and run 'npx locust-cluster deploy' again; 'npx locust-cluster status' shows the state of the cluster",
    );
  });

  test.each([
    [false, "'npx locust-cluster destroy' removes what was created"],
    [true, "'npx locust-cluster status' shows the state of the cluster"],
  ])("and was interrupted, when it stood before: %s", (stood, rest) => {
    expect(tellFailedDeploy({ ...failed, stood, interrupted: true })).toEqual({
      advice: [`interrupted; 'npx locust-cluster deploy' continues, ${rest}`],
    });
  });
});

describe("a destroy that failed", () => {
  const log = "destroy.log";
  const back =
    "to keep the cluster, run 'npx locust-cluster deploy': it brings back the outputs that Terraform has dropped";

  test.each([
    [false, false, "interrupted; 'npx locust-cluster destroy' removes the rest"],
    [true, true, "interrupted before anything was destroyed; 'npx locust-cluster destroy' removes it"],
    [
      true,
      false,
      `interrupted before anything was destroyed; 'npx locust-cluster destroy' removes it\n${back}`,
    ],
  ])("and was interrupted: untouched %s, outputs %s", (isUntouched, hasOutputs, said) => {
    const { problem, advice } = tellFailedDestroy({ isUntouched, hasOutputs, interrupted: true, log });
    expect([problem, advice.join("\n")]).toEqual([undefined, said]);
  });

  test("says where its outputs are only when they are gone", () => {
    const failed = { isUntouched: true, interrupted: false, log };
    expect(tellFailedDestroy({ ...failed, hasOutputs: true }).advice).toHaveLength(1);
    expect(tellFailedDestroy({ ...failed, hasOutputs: false }).advice.at(-1)).toBe(back);
  });
});
