import { MasterStatusError, MasterUnreachableError } from "../../../cli/master-errors";
import { browserCommand } from "../../../cli/runs/browser";
import { parseCsv } from "../../../cli/runs/csv";
import { explainMaster, LOCAL } from "../../../cli/runs/explain-master";
import { isRunId } from "../../../cli/runs/folder";
import { resolveRun } from "../../../cli/runs/resolve-run";
import { inOptions, toRunRequest } from "../../../cli/runs/run-request";
import { chooseKind } from "../../../cli/runs/target";
import { UserError } from "../../../lib/user-error";

describe("resolveRun", () => {
  const ids = ["20261121-120000-checkout", "20261121-110000-checkout", "20261120-090000-search"];

  test.each([
    [undefined, ids[0]],
    ["last", ids[0]],
    ["last~2", ids[2]],
    [ids[1]!, ids[1]],
    ["search", ids[2]],
    ["20261121-11", ids[1]],
  ])("%s", (text, id) => expect(resolveRun(text, ids)).toBe(id));

  test.each([
    ["check", "'check' may be 20261121-120000-checkout, 20261121-110000-checkout: say more of the id"],
    ["shop", "there is no run 'shop'"],
    ["last~3", "there are 3 runs only: 'last~2' is the first of them"],
  ])("refuses %s", (text, message) => expect(() => resolveRun(text, ids)).toThrow(new UserError(message)));

  test("says of a single run that 'last' is it", () => {
    expect(() => resolveRun("last~1", ids.slice(0, 1))).toThrow(
      "there is 1 run only: 'last' is its name too",
    );
  });

  test("takes the whole id of a run whose id begins another", () => {
    expect(resolveRun("20261121-120000", ["20261121-120000-2", "20261121-120000"])).toBe("20261121-120000");
  });

  test("admits that the run may be where nobody answered", () => {
    const problem = new UserError("the master does not answer");
    expect(() => resolveRun("shop", ids, [problem])).toThrow(
      expect.objectContaining({ hint: "the master does not answer" }) as Error,
    );
  });
});

test.each([
  ["20261121-110432", true],
  ["20261121-110432-checkout-2", true],
  ["../20261121-110432", false],
  ["20261121-110432/..", false],
  ["", false],
])("%j is the id of a run: %s", (text, is) => expect(isRunId(text)).toBe(is));

describe("inOptions", () => {
  test.each([
    [
      "the test has a load shape, Hill, which decides about users and time: leave out 'user_count' and 'run_time'",
      "user_count",
      "the test has a load shape, Hill, which decides about users and time: leave out -u and -t",
    ],
    ["'host' is missing", "host", "-H is missing"],
    ["the test has no tag 'host': it has none", "tags", "-T: the test has no tag 'host': it has none"],
    ["the body must be a JSON object", "body", "the body must be a JSON object"],
  ])("%s", (message, field, expected) => expect(inOptions(message, field)).toBe(expected));
});

describe("toRunRequest", () => {
  const none = { threshold: [], abortThreshold: [], label: [] };

  test.each([
    [{ runTime: "5" }, "minutes", "'-t 5 minutes' is two words, and -t takes one: write '-t 5m'"],
    [
      { warmUp: "90" },
      "Sec",
      "'--warm-up 90 Sec' is two words, and --warm-up takes one: write '--warm-up 90s'",
    ],
    [
      { runTime: "5m", grace: "1" },
      "h",
      "'--grace 1 h' is two words, and --grace takes one: write '--grace 1h'",
    ],
  ])("refuses %j with the user class %s", (options, name, message) => {
    expect(() => toRunRequest({ ...none, ...options }, ["Shopper", name])).toThrow(new UserError(message));
  });

  test("takes a user class that is called like a unit", () => {
    expect(toRunRequest({ ...none, runTime: "5m" }, ["Minutes"])).toMatchObject({
      user_classes: ["Minutes"],
    });
  });

  test("says only what was said", () => {
    expect(toRunRequest({ ...none, users: 5 }, [])).toEqual({ user_count: 5, thresholds: [] });
  });

  test("hands everything to the master", () => {
    const options = {
      ...none,
      users: 500,
      spawnRate: 50,
      runTime: "5m",
      host: "https://shop.example",
      tags: ["fast"],
      excludeTags: ["slow"],
      name: "checkout",
      threshold: ["p95 < 300ms"],
      abortThreshold: ["fail_ratio < 50%"],
      grace: "20s",
      warmUp: "30s",
      expectWorkers: 4,
      waitTimeout: "1m",
      label: ["commit=4f2c=1e"],
    };
    expect(toRunRequest(options, ["Buyer"], ["--tenant", "acme"])).toEqual({
      name: "checkout",
      host: "https://shop.example",
      user_count: 500,
      spawn_rate: 50,
      run_time: "5m",
      user_classes: ["Buyer"],
      tags: ["fast"],
      exclude_tags: ["slow"],
      args: ["--tenant", "acme"],
      thresholds: [
        { expression: "p95 < 300ms" },
        { expression: "fail_ratio < 50%", abort: true, grace: "20s" },
      ],
      expect_workers: 4,
      wait_timeout: "1m",
      warm_up: "30s",
      labels: { commit: "4f2c=1e" },
    });
  });

  test("refuses a label without a name", () => {
    expect(() => toRunRequest({ ...none, label: ["=x"] }, [])).toThrow(
      "'--label' must be name=value, got '=x'",
    );
  });
});

describe("chooseKind", () => {
  test.each([
    [{ local: true, cloud: undefined }, "local"],
    [{ local: false, cloud: "shop" }, "cloud"],
  ])("%j", (found, kind) => expect(chooseKind(found)).toBe(kind));

  test("asks which one is meant when there are two", () => {
    expect(() => chooseKind({ local: true, cloud: "shop" })).toThrow(
      new UserError("a local cluster is running, and cluster 'shop' is deployed"),
    );
  });
});

describe("explainMaster", () => {
  const answer = (status: number, error: object) =>
    explainMaster(
      new MasterStatusError("POST", "http://m/cluster/runs", status, JSON.stringify({ error })),
      LOCAL,
    );

  test("names the option that a field came from", () => {
    const error = { code: "invalid_request", message: "must be a duration", field: "run_time" };
    expect(answer(400, error)).toEqual(new UserError("-t: must be a duration"));
  });

  test.each([
    [
      "user_count",
      "'user_count' is missing: how many users?",
      "-u is missing: how many users?",
      "e.g. '-u 20 -r 5 -t 1m'",
    ],
    [
      "host",
      "'host' is missing: neither this run nor cluster.yaml nor Shopper names a target",
      "-H is missing: neither this run nor cluster.yaml nor Shopper names a target",
      "name one with '-H https://…', with 'locust.host' in cluster.yaml, or with 'host' in the test",
    ],
  ])("says how to give a %s that is missing", (field, said, message, hint) => {
    expect(answer(400, { code: "invalid_request", message: said, field })).toMatchObject({ message, hint });
  });

  test("tells how to deal with the other run", () => {
    const error = { code: "run_active", message: "run x is running", run: "x" };
    expect(answer(409, error)).toMatchObject({
      message: "run x is running",
      hint: "watch it with 'npx locust-cluster attach', end it with 'npx locust-cluster stop'",
    });
  });

  test("tells a master that is not there", () => {
    const cause = Object.assign(new Error("no"), { code: "ECONNREFUSED" });
    expect(explainMaster(new MasterUnreachableError("GET", "http://m/", cause), LOCAL)).toMatchObject({
      message: "the master of the local cluster does not answer: GET http://m/ failed: ECONNREFUSED",
    });
  });

  test("leaves our own mistakes as they are", () => {
    const error = new TypeError("oops");
    expect(explainMaster(error, LOCAL)).toBe(error);
  });
});

describe("parseCsv", () => {
  test("reads quotes, doubled quotes and line ends within", () => {
    expect(parseCsv('a,b\r\n1,"x, ""y""\nz"\r\n,\n')).toEqual([
      { a: "1", b: 'x, "y"\nz' },
      { a: "", b: "" },
    ]);
    expect(parseCsv("a,b")).toEqual([]);
    expect(parseCsv("")).toEqual([]);
  });
});

test.each([
  ["darwin", {}, false, "open"],
  ["linux", { DISPLAY: ":0" }, false, "xdg-open"],
  ["linux", { WAYLAND_DISPLAY: "wayland-0" }, false, "xdg-open"],
  ["linux", {}, true, "wslview"],
  ["linux", {}, false, undefined],
  ["darwin", { SSH_CONNECTION: "1 2 3 4" }, false, undefined],
  ["linux", { DISPLAY: ":0", CI: "true" }, false, undefined],
] as const)("browser on %s with %j, WSL %s: %s", (platform, env, wsl, program) => {
  expect(browserCommand(platform, env, wsl)).toBe(program);
});
