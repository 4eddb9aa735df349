import { toSeconds } from "../../../../lib/model/config/duration";
import { load } from "../load";
import { complaint } from "./complaint";

const fleet = (settings: string): string => `fleets:\n  eu: { ${settings} }`;
const types = (count: number): string =>
  Array.from({ length: count }, (_, index) => `c${index + 4}g.large`).join(", ");

describe("fleets", () => {
  test.each(["fleets:\n  eu:\n", "fleets: { eu: {} }"])("have defaults: %j", (yaml) => {
    expect(load(yaml).config.fleets).toEqual({
      eu: {
        instanceTypes: ["c7g.large"],
        size: 0,
        max: 10,
        spot: false,
        idle: "10m",
        environment: {},
      },
    });
  });

  test("of several names are what the file says", () => {
    const yaml =
      "region: eu-central-1\nfleets:\n  eu: { region: eu-central-1, size: 2, max: 2, spot: true }\n  big-1: { instanceTypes: [c7i.large, m7i.large] }";
    expect(load(yaml).config.fleets).toMatchObject({
      eu: { region: "eu-central-1", size: 2, max: 2, spot: true },
      "big-1": { instanceTypes: ["c7i.large", "m7i.large"] },
    });
  });

  test("can be set by a variable, all at once", () => {
    expect(load("", { LOCUST_CLUSTER_FLEETS: "{ eu: { max: 3 } }" }).config.fleets["eu"]?.max).toBe(3);
  });

  test.each(["a", "eu-2", "a".repeat(16)])("may be named %s", (name) => {
    expect(() => load(`fleets: { ${name}: {} }`)).not.toThrow();
  });

  test("are at most 40", () => {
    const of = (count: number) =>
      `fleets: { ${Array.from({ length: count }, (_, n) => `f${n}: { max: 1 }`).join(", ")} }`;
    expect(() => load(of(40))).not.toThrow();
    expect(complaint(of(41))).toContain("cluster.yaml:1: 'fleets' must be at most 40 fleets, not 41");
  });

  test.each(["EU", "2eu", "eu-", "e--u", "e_u", "a".repeat(17)])("may not be named %s", (name) => {
    expect(complaint(`fleets: { ${name}: {} }`)).toBe(
      `cluster.yaml:1: 'fleets.${name}' must have a name of at most 16 lower-case letters, digits and single hyphens, beginning with a letter and not ending in a hyphen, got "${name}"`,
    );
  });

  test("may not have the name under which figures show the machines of no fleet", () => {
    expect(complaint("fleets: { workers: {} }")).toBe(
      "cluster.yaml:1: 'fleets.workers' must have another name: 'workers' are the machines of no fleet, got \"workers\"",
    );
    expect(() => load("fleets: { workers-2: {} }")).not.toThrow();
  });

  test.each([
    ["max: 501", "'fleets.eu.max' must be a whole number from 1 to 500, got 501"],
    ["max: 0", "'fleets.eu.max' must be a whole number from 1 to 500, got 0"],
    ["size: -1", "'fleets.eu.size' must be a whole number from 0 to 500, got -1"],
    ["size: 11", "'fleets.eu.size' must not be above 'max', which is 10, got 11"],
    ["spot: often", "'fleets.eu.spot' must be true or false, got \"often\""],
    [
      "instanceTypes: c7g.large",
      "'fleets.eu.instanceTypes' must be a list of EC2 instance types such as [c7g.large, c6g.large], got \"c7g.large\"",
    ],
    [
      "instanceTypes: []",
      "'fleets.eu.instanceTypes' must be a list of EC2 instance types such as [c7g.large, c6g.large], got []",
    ],
    [
      "instanceTypes: [big]",
      "'fleets.eu.instanceTypes[0]' must be an EC2 instance type such as c7g.large, got \"big\"",
    ],
    ["instanceTypes: [c7g.large, c7g.large]", 'must name every type once, got ["c7g.large","c7g.large"]'],
    [
      "instanceTypes: [c7g.large, c7i.large]",
      '\'fleets.eu.instanceTypes\' must have one CPU architecture: all of Graviton (c7g, m7g, …) or none, got ["c7g.large","c7i.large"]',
    ],
    [`instanceTypes: [${types(41)}]`, "'fleets.eu.instanceTypes' must name at most 40 types, got"],
    ["maximum: 3", "'fleets.eu.maximum' is not a setting; there are: region, instanceTypes, size, max"],
    ["instanceType: c7g.large", "did you mean 'fleets.eu.instanceTypes'?"],
    ["cidr: 10.1.0.0/16", "'fleets.eu.cidr' is not a setting; did you mean 'regions.<region>.cidr'?"],
    ["imageId: ami-01234567", "did you mean 'regions.<region>.imageId'?"],
    ["maxx: 3", "'fleets.eu.maxx' is not a setting; did you mean 'fleets.eu.max'?"],
    [
      "region: Frankfurt",
      "'fleets.eu.region' must be the code of an AWS region such as us-east-1 (N. Virginia) or eu-central-1 (Frankfurt), got \"Frankfurt\"",
    ],
  ])("refuse %s", (settings, message) => {
    expect(complaint(fleet(settings))).toContain(message);
  });

  test.each([
    ["fleets: 3", "'fleets' must be a group of fleets with settings each, such as eu: { max: 20 }, got 3"],
    [
      "fleets: { eu: 3 }",
      "'fleets.eu' must be a group of settings (region, instanceTypes, size, max, spot, idle, environment), got 3",
    ],
  ])("refuse %s", (yaml, message) => {
    expect(complaint(yaml)).toBe(`cluster.yaml:1: ${message}`);
  });

  test("take 40 types", () => {
    expect(() => load(fleet(`instanceTypes: [${types(40)}]`))).not.toThrow();
  });

  test("have addresses for all that runs may ask for", () => {
    const yaml = (max: number): string =>
      `network: { cidr: 10.0.0.0/25 }\nworkers: { count: 12 }\nfleets: { a: { max: 5 }, b: { max: ${max} } }`;
    expect(() => load(yaml(5))).not.toThrow();
    expect(complaint(yaml(6))).toBe(
      "cluster.yaml:1: 'network.cidr' 10.0.0.0/25 over 2 zones has addresses for 22 machines beside the master, 'workers.count' and the 'max' of all fleets are 23 together; take a larger block or smaller fleets",
    );
  });
});

describe("idle", () => {
  test.each([
    ["0s", 0],
    ["90", 90],
    ["90s", 90],
    ["5m", 300],
    ["1h30m", 5400],
    ["1h1m1s", 3661],
    ["720h", 2_592_000],
  ])("%s is %i seconds, as the agent reads it", (idle, seconds) => {
    expect(load(fleet(`idle: "${idle}"`)).config.fleets["eu"]?.idle).toBe(idle);
    expect(toSeconds(idle)).toBe(seconds);
  });

  test.each(['""', "soon", "5 m", "-5m", "1.5h", "720h1s", "30m1h"])("refuses %s", (idle) => {
    expect(complaint(fleet(`idle: ${idle}`))).toContain(
      "'fleets.eu.idle' must be a duration such as 90s, 5m or 1h30m, at most 720h, got",
    );
  });
});

describe.each(["workers: { environment: { X } }", "fleets: { eu: { environment: { X } } }"])("%s", (yaml) => {
  const given = (text: string): string => yaml.replace("X", text);

  test.each(["SHOP: de", "_x1: 'true'", "LOCUST_USERS: '3'", "EMPTY: ''"])("takes %s", (text) => {
    expect(() => load(given(text))).not.toThrow();
  });

  test.each([
    ["1X: a", "must have a name of letters, digits and underscores that does not begin with a digit"],
    ["A-B: a", "must have a name of letters, digits and underscores"],
    ["CLUSTER_NODE: a", "must not be named CLUSTER_… or as one of the machine's own variables"],
    ["PYTHONPATH: a", "must not be named CLUSTER_… or as one of the machine's own variables"],
    ["LOCUST_HEADLESS: a", "must not set an option of Locust that the cluster sets or forbids"],
    ["A: 5", "must be text; put numbers and true/false in quotes, got 5"],
    ['A: "a\\0b"', "must not hold the character NUL"],
    [`A: ${"x".repeat(16_384)}`, "must have at most 16384 characters: put data into a file"],
  ])("refuses %s", (text, message) => {
    expect(complaint(given(text))).toContain(message);
  });
});
