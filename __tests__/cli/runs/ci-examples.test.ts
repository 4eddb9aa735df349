import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { createProgram } from "../../../cli/program";
import { projectRoot } from "../../../lib/project";

interface Step {
  readonly name?: string;
  readonly run?: string;
  readonly uses?: string;
  readonly if?: string;
  readonly "timeout-minutes"?: number;
  readonly with?: Readonly<Record<string, unknown>>;
}

interface Job {
  readonly stage?: string;
  readonly when?: string;
  readonly extends?: string;
  readonly script?: readonly string[];
  readonly after_script?: readonly string[];
  readonly artifacts?: { readonly when?: string; readonly paths?: readonly string[]; readonly reports?: object };
}

function read<Document>(name: string): Document {
  return parse(readFileSync(join(projectRoot(), "examples", "ci", name), "utf8")) as Document;
}

/** Whether our own command line takes such a line: a job that misspells an option fails on the first night. */
function check(line: string): void {
  const words = [...line.matchAll(/'([^']*)'|"([^"]*)"|(\S+)/g)].map(([, one, two, bare]) => one ?? two ?? bare!);
  const [name, ...args] = words.slice(words.indexOf("locust-cluster") + 1);
  const program = createProgram("1", { code: 0 });
  const command = program.commands.find((each) => each.name() === name)!;
  command.exitOverride().configureOutput({ writeErr: () => undefined });
  expect(command.parseOptions(args.map((word) => word.replace(/^\$\w+$/, "https://shop.example"))).unknown).toEqual([]);
}

const commandsIn = (script: string) => (script.includes("npx locust-cluster") ? [script.replace(/\s+/g, " ")] : []);

describe("examples/ci/github-actions.yml", () => {
  const { jobs } = read<{ jobs: Record<string, { steps: Step[] }> }>("github-actions.yml");
  const { steps } = jobs["load-test"]!;
  const index = (pattern: RegExp) =>
    steps.findIndex(({ run = "", uses = "" }) => pattern.test(run) || pattern.test(uses));

  test("deploys, runs, fetches, destroys and keeps, in this order", () => {
    const order = [
      index(/locust-cluster deploy/),
      index(/locust-cluster run/),
      index(/locust-cluster pull --all/),
      index(/locust-cluster destroy --yes/),
      index(/upload-artifact/),
    ];
    expect(order).not.toContain(-1);
    expect([...order].sort((left, right) => left - right)).toEqual(order);
  });

  test.each([[/locust-cluster pull/], [/upload-artifact/], [/locust-cluster destroy/]])(
    "does %s whatever happened before",
    (pattern) => {
      expect(steps[index(pattern)]!.if).toBe("always()");
    },
  );

  const sessions = steps.filter(({ uses = "" }) => uses.startsWith("aws-actions/configure-aws-credentials@"));

  test("asks for sessions of an hour, which every role allows", () => {
    const seconds = sessions.map(({ with: inputs }) => Number(inputs!["role-duration-seconds"]));
    expect(seconds).toEqual([3600, 3600]);
  });

  test("ends the test before the session does, and destroys with a new one", () => {
    const [deploy, run] = [steps[index(/locust-cluster deploy/)]!, steps[index(/locust-cluster run/)]!];
    expect(deploy["timeout-minutes"]! + run["timeout-minutes"]!).toBeLessThan(60);
    const renewed = steps.indexOf(sessions[1]!);
    expect(steps[renewed]!.if).toBe("always()");
    expect(renewed).toBeGreaterThan(steps.indexOf(run));
    expect(renewed).toBeLessThan(index(/locust-cluster pull/));
  });

  test("keeps the folder of the runs and the verdicts", () => {
    expect(String(steps[index(/upload-artifact/)]!.with!["path"])).toMatch(/^runs\/\nresults\/$/m);
  });

  test("uses commands that there are", () => {
    const lines = steps.flatMap(({ run = "" }) => commandsIn(run));
    expect(lines).toHaveLength(4);
    lines.forEach(check);
  });
});

describe("examples/ci/gitlab-ci.yml", () => {
  const document = read<Record<string, Job> & { stages: string[] }>("gitlab-ci.yml");
  const { "load-test": run, destroy } = document as Record<string, Job>;

  test("destroys in a job of its own, whatever happened before", () => {
    expect(destroy!.when).toBe("always");
    expect(document.stages.indexOf(destroy!.stage!)).toBeGreaterThan(document.stages.indexOf(run!.stage!));
    expect(destroy!.script).toEqual(["npx locust-cluster destroy --yes"]);
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

  test("uses commands that there are", () => {
    const scripts = [...run!.script!, ...run!.after_script!, ...destroy!.script!];
    const lines = scripts.flatMap(commandsIn);
    expect(lines).toHaveLength(4);
    lines.forEach(check);
  });
});
