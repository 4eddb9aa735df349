import { explainForbidden, forbiddenKey, forbiddenOptions } from "../../../../lib/model/config";
import { RESERVED_LETTERS, RESERVED_OPTIONS } from "../../../../protocol/generated/constants";
import { load } from "../load";

const FORBIDDEN = [
  "config",
  "help",
  "web-base-path",
  "headless",
  "autostart",
  "autoquit",
  "processes",
  "web-port",
  "web-host",
  "web-login",
  "csv",
  "csv-full-history",
  "html",
  "json",
  "json-file",
  "master",
  "master-host",
  "master-port",
  "master-bind-host",
  "worker",
  "expect-workers",
  "exit-code-on-error",
  "expect-workers-max-wait",
  "locustfile",
  "tls-cert",
  "tls-key",
  "list",
  "version",
  "show-task-ratio",
];
const ALLOWED = [
  "host",
  "users",
  "spawn-rate",
  "run-time",
  "tags",
  "exclude-tags",
  "stop-timeout",
  "loglevel",
  "logfile",
  "class-picker",
  "reset-stats",
  "print-stats",
  "only-summary",
  "enable-rebalancing",
  "equal-weights",
  "skip-log-setup",
  "my-own",
  // Of a test: options of Locust are whole names.
  "json-body",
  "csv-folder",
  "worker-pool",
  "master-key",
  "tls-version",
];

describe("forbiddenOptions", () => {
  test.each(FORBIDDEN)("refuses --%s, with a value or without", (name) => {
    expect(forbiddenOptions([`--${name}`])).toMatchObject([{ option: `--${name}` }]);
    expect(forbiddenOptions([`--${name}=1`])).toMatchObject([{ option: `--${name}` }]);
  });

  test.each(ALLOWED)("leaves --%s alone", (name) => {
    expect(forbiddenOptions([`--${name}`, `--${name}=1`])).toEqual([]);
  });

  test.each([
    ["-f", "-f"],
    ["-fother.py", "-f"],
    ["-P", "-P"],
    ["-P8090", "-P"],
    ["-l", "-l"],
    ["-V", "-V"],
  ])("refuses %s", (arg, option) => {
    expect(forbiddenOptions([arg])).toMatchObject([{ option }]);
  });

  test.each(["-H", "-u", "-r", "-t", "-T", "-E", "-L", "-s", "-1"])("leaves %s alone", (arg) => {
    expect(forbiddenOptions([arg])).toEqual([]);
  });

  test("refuses an abbreviation, which Locust would accept", () => {
    expect(forbiddenOptions(["--headl", "--proc", "--work"]).map(({ option }) => option)).toEqual([
      "--headl",
      "--proc",
      "--work",
    ]);
  });

  test("takes values for values", () => {
    expect(forbiddenOptions(["--tags", "headless", "worker", "--", "-"])).toEqual([]);
  });
});

test.each(FORBIDDEN)("forbiddenKey refuses %s in a configuration file", (name) => {
  expect(forbiddenKey(name)).toMatchObject({ option: name });
  expect(forbiddenKey(` ${name.replaceAll("-", "_")} `)).toBeDefined();
});

test.each(ALLOWED)("forbiddenKey leaves %s alone", (name) => {
  expect(forbiddenKey(name)).toBeUndefined();
});

test.each([
  [
    "--headless",
    "--headless is not allowed in a cluster: the master serves the page; 'npx locust-cluster run' starts a test",
  ],
  ["-f", "-f is not allowed in a cluster: the cluster sets it (see 'locust.locustfile' in cluster.yaml)"],
  [
    "--tls-key=k",
    "--tls-key is not allowed in a cluster: the cluster sets it (see 'access.https' in cluster.yaml)",
  ],
])("explains %s", (arg, sentence) => {
  expect(forbiddenOptions([arg]).map(explainForbidden)).toEqual([sentence]);
});

test("what a machine would refuse is refused here", () => {
  const reserved = Object.keys(RESERVED_OPTIONS);
  expect(reserved.length).toBeGreaterThan(20);
  expect(reserved.filter((name) => forbiddenKey(name) === undefined)).toEqual([]);
  expect(reserved.filter((name) => forbiddenOptions([`--${name}`]).length === 0)).toEqual([]);
  const letters = Object.keys(RESERVED_LETTERS);
  expect(letters.filter((letter) => forbiddenOptions([`-${letter}`]).length === 0)).toEqual([]);
});

test("locust.extraArgs names the item", () => {
  expect(() => load("locust:\n  extraArgs:\n    - --tags\n    - a\n    - --headless")).toThrow(
    /:5: 'locust\.extraArgs\[2\]' --headless is not allowed in a cluster/,
  );
});
