import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { UserError } from "../../lib/model/user-error";
import { hostMirror } from "../../simulator/image-recipe";
import { hostType } from "../../simulator/instance-types";
import { SimulatorLock } from "../../simulator/simulator-lock";
import { machineName } from "../../simulator/place";
import { checkPreconditions } from "../../simulator/preconditions";

describe("what the simulator asks of its host", () => {
  const root = { platform: "linux", userId: 0, path: process.env.PATH ?? "" };

  test.each([
    [{ ...root, platform: "darwin" }, /needs a Linux host, this one is darwin/],
    [{ ...root, userId: 1000 }, /which only root may/],
    [{ ...root, path: "/nowhere" }, /the simulator needs mmdebstrap, systemd-nspawn, nft, dnsmasq/],
  ])("refuses in one sentence: %j", (host, sentence) => {
    expect(() => checkPreconditions(host)).toThrow(sentence);
  });

  test("names the packages that are missing", () => {
    try {
      checkPreconditions({ ...root, path: "/nowhere" });
      throw new Error("not refused");
    } catch (error) {
      expect((error as UserError).hint).toContain(
        "apt-get install -y --no-install-recommends mmdebstrap systemd-container",
      );
    }
  });
});

describe("the lock of the simulator", () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "locust-cluster-test-"))));
  afterEach(() => rmSync(folder, { recursive: true }));

  test("a second simulator is refused with the first one's process", () => {
    const first = new SimulatorLock({ folder });
    expect(() => new SimulatorLock({ folder })).toThrow(
      `already running on this host, as process ${process.pid}`,
    );
    first.release();
    new SimulatorLock({ folder }).release();
  });

  test("a simulator that was killed holds no lock, also when its process id is in use again", () => {
    writeFileSync(join(folder, "lock"), `${process.pid} 1`);
    new SimulatorLock({ folder }).release();
  });
});

test("what only sweeps is waited for, not complained about", async () => {
  const folder = mkdtempSync(join(tmpdir(), "locust-cluster-test-"));
  const guard = new SimulatorLock({ folder, sweeping: true });
  setTimeout(() => guard.release(), 300);
  const begin = performance.now();
  (await SimulatorLock.take(folder)).release();
  expect(performance.now() - begin).toBeGreaterThan(250);
  rmSync(folder, { recursive: true });
});

describe("the mirror of the image", () => {
  const reader = (files: Record<string, string>) => (file: string) => {
    const text = files[file];
    if (text === undefined) throw new Error("ENOENT");
    return text;
  };

  test("is the host's own, in either form of its sources", () => {
    const sources = {
      "/etc/apt/sources.list.d/debian.sources": "Types: deb\nURIs: http://mirror.example/debian\n",
    };
    expect(hostMirror(reader(sources))).toBe("http://mirror.example/debian");
    const list = {
      "/etc/apt/sources.list": "# comment\ndeb [arch=amd64] https://mirror.example/debian/ trixie main\n",
    };
    expect(hostMirror(reader(list))).toBe("https://mirror.example/debian");
  });

  test("is mmdebstrap's default on a host that is no Debian", () => {
    const ubuntu = { "/etc/apt/sources.list": "deb http://mirror.example/ubuntu noble main\n" };
    expect(hostMirror(reader(ubuntu))).toBeUndefined();
    expect(hostMirror(reader({}))).toBeUndefined();
  });
});

test.each([
  ["t4g.small", "x64", "t3.small"],
  ["c7g.large", "x64", "c7i.large"],
  ["c7i.large", "x64", "c7i.large"],
  ["c7g.medium", "x64", "c7i.large"],
  ["c7i.2xlarge", "arm64", "c7g.2xlarge"],
])("an instance of type %s is played on a host of %s as %s", (type, host, played) => {
  expect(hostType(type, host)).toBe(played);
});

test("a machine's name is short enough for a network interface", () => {
  expect(machineName("i-0123456789abcdef0").length).toBeLessThanOrEqual(15);
});
