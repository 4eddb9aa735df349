import { describeTarget, renderReady } from "../../../cli/local/ready";
import type { LocalPlan } from "../../../cli/local/local-plan";

const PLAN = {
  folder: "/project/.cache/local",
  test: { directory: "/project/locust", locustfiles: ["locustfile.py"] },
  workers: 2,
  pagePort: 8089,
  targetPort: 18090,
} as unknown as LocalPlan;
const SAMPLE = "http://127.0.0.1:18090";
const plain = { paint: (_: string, text: string) => text };

describe("describeTarget", () => {
  test("says that the sample is one", () => {
    expect(describeTarget({ hosts: [SAMPLE], missing: false }, SAMPLE)).toBe(
      `${SAMPLE} (a sample; test another with --host)`,
    );
  });

  test("names the hosts of the test itself", () => {
    expect(describeTarget({ hosts: ["http://a", "http://b"], missing: false }, SAMPLE)).toBe(
      "http://a, http://b",
    );
  });

  test("asks for one that is missing", () => {
    expect(describeTarget({ hosts: [], missing: true }, SAMPLE)).toBe(
      "unknown: set it with -H for each run, or with --host here",
    );
  });
});

test("a test without HTTP has no line about a target", () => {
  const said = renderReady(PLAN, { target: { hosts: [], missing: false } }, plain);
  expect(said).not.toMatch(/^target/m);
  expect(said).toMatch(/^run {5}npx locust-cluster run -u 20 -r 5 -t 1m, in another terminal$/m);
});

test("the command names a host where the test has none", () => {
  expect(renderReady(PLAN, { target: { hosts: [], missing: true } }, plain)).toContain(
    "-t 1m -H http://127.0.0.1:8000, ",
  );
});

describe("the command fits the test:", () => {
  const none = { shape: null, takes_options: true, user_count: null, spawn_rate: null, run_time: null };

  test.each([
    ["a load shape decides itself", { ...none, shape: "Hill", takes_options: false }, "run"],
    ["a load shape with common options", { ...none, shape: "Hill" }, "run -u 20 -r 5 -t 1m"],
    ["users of locust.conf", { ...none, user_count: 7 }, "run -t 1m"],
    ["users and time of locust.conf", { ...none, user_count: 7, run_time: 60 }, "run"],
  ])("%s", (_, load, expected) => {
    expect(renderReady(PLAN, { load }, plain)).toContain(`\nrun     npx locust-cluster ${expected}, in`);
  });
});
