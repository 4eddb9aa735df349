import { load } from "../load";
import { complaint } from "./complaint";

describe("a value that is not allowed is named with its line, its key, what is allowed, and itself", () => {
  test.each([
    [
      "workers:\n  count: ten",
      "cluster.yaml:2: 'workers.count' must be a whole number from 0 to 500, got \"ten\"",
    ],
    [
      "workers: { count: -1 }",
      "cluster.yaml:1: 'workers.count' must be a whole number from 0 to 500, got -1",
    ],
    [
      "workers: { count: 501 }",
      "cluster.yaml:1: 'workers.count' must be a whole number from 0 to 500, got 501",
    ],
    [
      "workers: { count: 2.5 }",
      "cluster.yaml:1: 'workers.count' must be a whole number from 0 to 500, got 2.5",
    ],
    [
      "workers: 5",
      "cluster.yaml:1: 'workers' must be a group of settings (count, instanceType, environment), got 5",
    ],
    [
      "workers: [5]",
      "cluster.yaml:1: 'workers' must be a group of settings (count, instanceType, environment), got [5]",
    ],
    ["network: { zones: 0 }", "cluster.yaml:1: 'network.zones' must be a whole number from 1 to 6, got 0"],
    ["network: { zones: 7 }", "cluster.yaml:1: 'network.zones' must be a whole number from 1 to 6, got 7"],
    [
      "machines: { rootVolumeGiB: 7 }",
      "cluster.yaml:1: 'machines.rootVolumeGiB' must be a whole number from 8 to 16384 (GiB), got 7",
    ],
    [
      "region: Frankfurt",
      "cluster.yaml:1: 'region' must be the code of an AWS region such as us-east-1 (N. Virginia) or eu-central-1 (Frankfurt), got \"Frankfurt\"",
    ],
    [
      "region: us-east-1a",
      "cluster.yaml:1: 'region' must be the code of an AWS region such as us-east-1 (N. Virginia) or eu-central-1 (Frankfurt), got \"us-east-1a\"",
    ],
    [
      "master: { instanceType: big }",
      "cluster.yaml:1: 'master.instanceType' must be an EC2 instance type such as c7g.large, got \"big\"",
    ],
    [
      "machines: { imageId: debian }",
      "cluster.yaml:1: 'machines.imageId' must be the id of a machine image such as ami-0123456789abcdef0, got \"debian\"",
    ],
    [
      "machines: { pythonVersion: 3.13 }",
      "cluster.yaml:1: 'machines.pythonVersion' must be a Python version from 3.11 on, in quotes, such as \"3.13\", got 3.13",
    ],
    [
      "machines: { pythonVersion: '3.10' }",
      'cluster.yaml:1: \'machines.pythonVersion\' must be a Python version from 3.11 on, in quotes, such as "3.13", got "3.10"',
    ],
    [
      "access: { login: some }",
      "cluster.yaml:1: 'access.login' must be one of generated, custom, none, got \"some\"",
    ],
    ["access: { https: 'yes' }", "cluster.yaml:1: 'access.https' must be true or false, got \"yes\""],
    [
      "access: { webCidrs: 1.2.3.4/32 }",
      "cluster.yaml:1: 'access.webCidrs' must be a list of IPv4 blocks such as [203.0.113.7/32], got \"1.2.3.4/32\"",
    ],
    [
      "access:\n  sshCidrs:\n    - 1.2.3.4/32\n    - here",
      "cluster.yaml:4: 'access.sshCidrs[1]' must be an IPv4 block such as 203.0.113.7/32, got \"here\"",
    ],
    [
      "access: { webCidrs: [1.2.3.4/24] }",
      "cluster.yaml:1: 'access.webCidrs[0]' must begin at the block's first address: write 1.2.3.0/24, got \"1.2.3.4/24\"",
    ],
    [
      "access: { webCidrs: [1.2.3.0/24, 1.2.3.0/24] }",
      'cluster.yaml:1: \'access.webCidrs\' must name every block once, got ["1.2.3.0/24","1.2.3.0/24"]',
    ],
    [
      "access: { hostNames: load.example.com }",
      "cluster.yaml:1: 'access.hostNames' must be a list of host names or addresses such as [load.example.com], got \"load.example.com\"",
    ],
    ...[
      "https://load.example.com",
      "load.example.com:443",
      "[fd00::7]",
      "*.example.com",
      "a b",
      "-a.com",
    ].map((name) => [
      `access: { hostNames: ["${name}"] }`,
      `cluster.yaml:1: 'access.hostNames[0]' must be a host name or an address without protocol and port, such as load.example.com, got "${name}"`,
    ]),
    [
      "locust: { version: latest }",
      'cluster.yaml:1: \'locust.version\' must be a version of Locust from 2.47.0 on, in quotes, such as "2.47.0", got "latest"',
    ],
    [
      "locust: { version: 2.46.3 }",
      'cluster.yaml:1: \'locust.version\' must be a version of Locust from 2.47.0 on, in quotes, such as "2.47.0", got "2.46.3"',
    ],
    [
      "locust: { locustfile: /tmp/a.py }",
      "cluster.yaml:1: 'locust.locustfile' must be the path of a .py file or a folder, or a list of them, relative to cluster.yaml, such as locust/locustfile.py, got \"/tmp/a.py\"",
    ],
    [
      "locust: { locustfile: [] }",
      "cluster.yaml:1: 'locust.locustfile' must be the path of a .py file or a folder, or a list of them, relative to cluster.yaml, such as locust/locustfile.py, got []",
    ],
    [
      "locust: { locustfile: 'a.py,' }",
      "cluster.yaml:1: 'locust.locustfile' must be the path of a .py file or a folder, or a list of them, relative to cluster.yaml, such as locust/locustfile.py, got \"a.py,\"",
    ],
    [
      "locust: { host: https://shop example }",
      "cluster.yaml:1: 'locust.host' must be an address without spaces, such as https://shop.example or localhost:50051, got \"https://shop example\"",
    ],
    [
      'locust: { locustfile: "a\\0.py" }',
      "cluster.yaml:1: 'locust.locustfile' must be the path of a .py file or a folder, or a list of them, relative to cluster.yaml, such as locust/locustfile.py, got \"a\\u0000.py\"",
    ],
    [
      'locust: { host: "https://shop\\e[2J" }',
      "cluster.yaml:1: 'locust.host' must be an address without spaces, such as https://shop.example or localhost:50051, got \"https://shop\\u001b[2J\"",
    ],
    [
      'locust: { extraArgs: ["--tags", "a\\0b"] }',
      "cluster.yaml:1: 'locust.extraArgs[1]' must not hold the character NUL, got \"a\\u0000b\"",
    ],
    [
      "locust: { extraArgs: [--tags, 1] }",
      "cluster.yaml:1: 'locust.extraArgs[1]' must be text; put numbers in quotes, got 1",
    ],
    [
      "state: { bucket: My_Bucket }",
      "cluster.yaml:1: 'state.bucket' must be the name of an S3 bucket, got \"My_Bucket\"",
    ],
  ])("%s", (yaml, message) => {
    expect(complaint(yaml)).toBe(message);
  });
});

test.each(["cn-north-1", "us-gov-west-1"])("machines.imageId must be the user's own in %s", (region) => {
  expect(complaint(`region: ${region}`)).toContain(
    `'machines.imageId' must name an image in ${region}, where AWS has no parameter for Debian's, got nothing`,
  );
  expect(() => load(`region: ${region}\nmachines: { imageId: ami-0123456789abcdef0 }`)).not.toThrow();
});

describe("a key that does not exist is named with the one that was meant", () => {
  test.each([
    ["wrkers: {}", "cluster.yaml:1: 'wrkers' is not a setting; did you mean 'workers'?"],
    [
      "workers:\n  cuont: 3",
      "cluster.yaml:2: 'workers.cuont' is not a setting; did you mean 'workers.count'?",
    ],
    [
      "workers: { instancetype: c7g.large }",
      "cluster.yaml:1: 'workers.instancetype' is not a setting; did you mean 'workers.instanceType'?",
    ],
    [
      "workers: { spot: true }",
      "cluster.yaml:1: 'workers.spot' is not a setting; did you mean 'fleets.<name>.spot'?",
    ],
    ["count: 3", "cluster.yaml:1: 'count' is not a setting; did you mean 'workers.count'?"],
    ["workers: { host: x }", "cluster.yaml:1: 'workers.host' is not a setting; did you mean 'locust.host'?"],
    [
      "workers: { subnet: x }",
      "cluster.yaml:1: 'workers.subnet' is not a setting; there are: count, instanceType, environment",
    ],
  ])("%s", (yaml, message) => {
    expect(complaint(yaml)).toBe(message);
  });
});

describe("YAML that cannot be read is told with line and column", () => {
  test.each([
    ["workers:\n  count: 1\nworkers:\n  count: 2", "cluster.yaml:3:1: 'workers' appears twice; keep one"],
    ["workers:\n  count: 1\n  count: 2", "cluster.yaml:3:3: 'count' appears twice; keep one"],
    [
      "workers:\n  count: [1",
      "cluster.yaml:2:12: not valid YAML: Flow sequence in block collection must be sufficiently indented and end with a ]",
    ],
    ["workers:\n\tcount: 1", "cluster.yaml:2:1: not valid YAML: Tabs are not allowed as indentation"],
    ["- name", "cluster.yaml must hold settings such as 'workers:', got [\"name\"]"],
    ["name", "cluster.yaml must hold settings such as 'workers:', got \"name\""],
    ["name: aa\n---\nname: bb", "cluster.yaml must hold one YAML document, got 2"],
  ])("%j", (yaml, message) => {
    expect(complaint(yaml)).toBe(message);
  });
});

test("all problems are told at once, a line each", () => {
  expect(complaint("name: A\nworkers:\n  count: many\n  size: 3\nregion: here").split("\n")).toEqual([
    expect.stringContaining("cluster.yaml:1: 'name' must be"),
    expect.stringContaining("cluster.yaml:5: 'region' must be"),
    expect.stringContaining("cluster.yaml:3: 'workers.count' must be"),
    expect.stringContaining("cluster.yaml:4: 'workers.size' is not a setting"),
  ]);
});
