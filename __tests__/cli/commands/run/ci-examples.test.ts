import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { projectRoot } from "../../../../lib/model/project";
import { unknownOptions } from "../../../helpers/command-line";

interface Step {
  readonly name?: string;
  readonly run?: string;
  readonly uses?: string;
  readonly if?: string;
  readonly "timeout-minutes"?: number;
  readonly with?: Readonly<Record<string, unknown>>;
}

interface WorkflowJob {
  readonly needs?: string;
  readonly if?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly steps: readonly Step[];
}

interface Workflow {
  readonly env: Readonly<Record<string, string>>;
  readonly jobs: Readonly<Record<string, WorkflowJob>>;
}

interface Job {
  readonly stage?: string;
  readonly when?: string;
  readonly extends?: string;
  readonly script?: readonly string[];
  readonly after_script?: readonly string[];
  readonly artifacts?: {
    readonly when?: string;
    readonly paths?: readonly string[];
    readonly reports?: object;
  };
}

function read<Document>(name: string): Document {
  return parse(readFileSync(join(projectRoot(), "examples", "ci", name), "utf8")) as Document;
}

const commandsIn = (script: string) =>
  script.includes("npx locust-cluster") ? [script.replace(/\s+/g, " ")] : [];

describe("examples/ci/github-actions.yml", () => {
  const { env, jobs } = read<Workflow>("github-actions.yml");
  const { "load-test": run, destroy } = jobs as Record<"load-test" | "destroy", WorkflowJob>;
  const index = ({ steps }: WorkflowJob, pattern: RegExp) =>
    steps.findIndex(({ run: script = "", uses = "" }) => pattern.test(script) || pattern.test(uses));

  test.each([
    [
      "load-test",
      [/locust-cluster deploy/, /locust-cluster run/, /locust-cluster pull --all/, /upload-artifact/],
    ],
    ["destroy", [/locust-cluster destroy --yes/, /upload-artifact/]],
  ] as const)("%s does its steps in this order", (name, patterns) => {
    const order = patterns.map((pattern) => index(jobs[name]!, pattern));
    expect(order).not.toContain(-1);
    expect([...order].sort((left, right) => left - right)).toEqual(order);
  });

  test("destroys in a job of its own, whatever happened before", () => {
    expect(destroy.if).toBe("always()");
    expect(destroy.needs).toBe("load-test");
    expect(index(run, /locust-cluster destroy/)).toBe(-1);
    expect(destroy.steps[index(destroy, /locust-cluster destroy/)]!.if).toBeUndefined();
  });

  test("both jobs mean the same cluster, and find its state in S3", () => {
    expect(env).toMatchObject({
      LOCUST_CLUSTER_NAME: "ci-${{ github.run_id }}",
      LOCUST_CLUSTER_STATE_BUCKET: "${{ vars.STATE_BUCKET }}",
    });
    expect(Object.keys(run.env ?? {})).toEqual(["TARGET"]);
    expect(destroy.env).toBeUndefined();
  });

  test.each([
    ["load-test", /locust-cluster pull/],
    ["load-test", /upload-artifact/],
    ["destroy", /upload-artifact/],
  ])("%s does %s whatever happened before", (name, pattern) => {
    expect(jobs[name]!.steps[index(jobs[name]!, pattern)]!.if).toBe("always()");
  });

  const uploads = Object.values(jobs).flatMap(({ steps }) =>
    steps.filter(({ uses = "" }) => uses.startsWith("actions/upload-artifact@")),
  );

  test("keeps the folder of the runs and the verdicts, and nothing else: no state, no keys", () => {
    const paths = uploads.map(({ with: inputs }) => String(inputs!["path"]).trim().split("\n"));
    expect(paths).toEqual([["runs/", "results/"], ["runs/"]]);
    const names = uploads.map(({ with: inputs }) => inputs!["name"]);
    expect(new Set(names).size).toBe(names.length);
  });

  const sessions = Object.values(jobs).map(({ steps }) =>
    steps.filter(({ uses = "" }) => uses.startsWith("aws-actions/configure-aws-credentials@")),
  );

  test("asks for sessions of an hour, which every role allows, one in each job", () => {
    const seconds = sessions.map((each) => each.map(({ with: inputs }) => inputs!["role-duration-seconds"]));
    expect(seconds).toEqual([[3600], [3600]]);
  });

  test("ends the test before the session does", () => {
    const minutes = [/locust-cluster deploy/, /locust-cluster run/].map(
      (pattern) => run.steps[index(run, pattern)]!["timeout-minutes"]!,
    );
    expect(minutes[0]! + minutes[1]!).toBeLessThan(60);
  });

  test("uses commands that there are", () => {
    const lines = [...run.steps, ...destroy.steps].flatMap(({ run: script = "" }) => commandsIn(script));
    expect(lines).toHaveLength(4);
    expect(lines.flatMap(unknownOptions)).toEqual([]);
  });
});

describe("examples/ci/gitlab-ci.yml", () => {
  const document = read<Record<string, Job> & { stages: string[] }>("gitlab-ci.yml");
  const { "load-test": run, destroy } = document as Record<string, Job>;

  test("destroys in a job of its own, whatever happened before", () => {
    expect(destroy!.when).toBe("always");
    expect(document.stages.indexOf(destroy!.stage!)).toBeGreaterThan(document.stages.indexOf(run!.stage!));
    expect(destroy!.script).toEqual(["npx locust-cluster destroy --yes --force-unlock"]);
    // Both are about the same cluster, and find its state.
    expect([run!.extends, destroy!.extends]).toEqual([".cluster", ".cluster"]);
  });

  test("fetches and keeps the results, whatever the verdict", () => {
    expect(run!.after_script).toEqual(["npx locust-cluster pull --all"]);
    expect(run!.artifacts).toMatchObject({
      when: "always",
      paths: ["runs/", "results/"],
      reports: { junit: "results/junit.xml" },
    });
  });

  test("keeps no file that holds a secret", () => {
    expect(destroy!.artifacts!.paths).toEqual(["runs/"]);
  });

  test("uses commands that there are", () => {
    const scripts = [...run!.script!, ...run!.after_script!, ...destroy!.script!];
    const lines = scripts.flatMap(commandsIn);
    expect(lines).toHaveLength(4);
    expect(lines.flatMap(unknownOptions)).toEqual([]);
  });
});
