import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ENVIRONMENT, Machine } from "./machine";

let machine: Machine;
beforeEach(() => (machine = new Machine("worker")));
afterEach(() => machine.remove());

describe("a machine that is switched off in the middle", () => {
  test("begins afresh, since files may be empty that have their names already", () => {
    const half = join(machine.root, "opt/locust-cluster/env", ENVIRONMENT);
    mkdirSync(half, { recursive: true });
    writeFileSync(join(half, "pyvenv.cfg"), "");

    expect(machine.bootstrap()).toMatchObject({ status: 0 });

    expect(machine.read(`opt/locust-cluster/env/${ENVIRONMENT}/pyvenv.cfg`)).toContain("home = ");
  });
});

describe("an attempt that was broken off", () => {
  test("is taken up again without a second download of what is complete", () => {
    machine.answer("GET", `env/${ENVIRONMENT}.tar.gz`, 400);
    machine.bootstrap();
    mkdirSync(join(machine.root, `opt/locust-cluster/env/${ENVIRONMENT}.new`), { recursive: true });

    expect(machine.bootstrap()).toMatchObject({ status: 0 });

    expect(machine.calls().filter((call) => call === `curl GET bundle/${machine.bundle}.zip`)).toHaveLength(
      1,
    );
    expect(machine.has("opt/locust-cluster/current/test/locustfile.py")).toBe(true);
    expect(machine.sent().every((record) => record.boot_started === machine.sent()[0]?.boot_started)).toBe(
      true,
    );
  });
});

describe("a second run", () => {
  beforeEach(() => machine.bootstrap());

  test("does nothing, also after a reboot", () => {
    const calls = machine.calls();
    for (const interrupt of [() => undefined, () => machine.reboot()]) {
      interrupt();
      expect(machine.bootstrap()).toMatchObject({ status: 0 });
    }

    expect(machine.calls()).toEqual(calls);
    expect(machine.read("var/log/user-data.log")).toContain("worker-1 is a node already, nothing to do\n");
  });

  test("leaves what runs alone when the first was broken off just before its end", () => {
    machine.forget("var/lib/locust-cluster/bootstrapped");
    const before = machine.calls().length;

    expect(machine.bootstrap()).toMatchObject({ status: 0 });

    const calls = machine.calls().slice(before);
    expect(calls).toContain("systemctl start --no-block locust-agent.service");
    expect(calls.filter((call) => call.includes(" restart "))).toEqual([]);
    expect(calls.filter((call) => call.startsWith("useradd"))).toEqual([]);
  });

  test("syncs what it unpacks on a machine that was resized: the third would take it as it is", () => {
    machine.describe("worker-1", "c7i.medium");
    machine.publish((boot) => writeFileSync(join(boot, "timers.sh"), ""));
    const before = machine.synced();

    expect(machine.bootstrap()).toMatchObject({ status: 0 });

    expect(before).toEqual(["opt/locust-cluster"]);
    expect(machine.synced().slice(before.length)).toEqual([
      `opt/locust-cluster/bundle/${machine.bundle}.new`,
      "opt/locust-cluster",
    ]);
  });

  test("fits the processes to a machine that was resized", () => {
    machine.describe("worker-1", "c7i.medium");
    const before = machine.calls().length;

    expect(machine.bootstrap({ MACHINE_CPUS: "1" })).toMatchObject({ status: 0 });

    const calls = machine.calls().slice(before);
    expect(calls).toContain("systemctl disable --quiet --now --no-block locust-worker@2.service");
    expect(calls).toContain("systemctl restart --no-block locust-worker@1.service");
    expect(machine.read("etc/locust-cluster/node.env")).toContain("CLUSTER_PROCESSES=1\n");
    expect(machine.lastSent()).toMatchObject({ state: "starting", processes: 1 });
  });
});
