import type { MachineTest } from "./machine-test";
import { report } from "./patience";

interface Record {
  readonly name: string;
  readonly boot_started: string;
  readonly steps: readonly { readonly name: string; readonly seconds: number }[];
}

/** When a line was last written, in seconds of the epoch. */
function lastTime(journal: string, line: RegExp): number {
  const found = journal.split("\n").filter((each) => line.test(each));
  return Number(found.at(-1)?.split(" ")[0]);
}

export function bootTests(machineTest: MachineTest): void {
  machineTest("deploy ends when all four worker processes are connected", async (deployment) => {
    const { lines } = await deployment.deploy();
    expect(lines.join("\n")).toContain("4 worker processes connected");
    expect(await deployment.master.connected()).toEqual({ master: 0, "worker-1": 2, "worker-2": 2 });
  });

  machineTest("every machine tells how long each step of its boot took", async ({ simulation }) => {
    const events = await simulation
      .node("master")
      .machine.exec(["journalctl", "--unit=locust-master", "--output=short-unix", "--no-pager"]);
    for (const name of ["master", "worker-1", "worker-2"]) {
      const { instance, machine } = simulation.node(name);
      const ledger = await machine.exec(["cat", "/var/lib/locust-cluster/ledger.json"]);
      const { steps, boot_started } = JSON.parse(ledger.stdout) as Record;
      const host = instance.hostname.split(".")[0] ?? "";
      const ready = name === "master" ? "Starting web interface" : `${host}_.* reported as ready`;
      const seconds = lastTime(events.stdout, new RegExp(ready)) - Date.parse(boot_started) / 1000;
      const times = steps.map((step) => `${step.name} ${step.seconds.toFixed(1)} s`).join(", ");
      const what = name === "master" ? "its page answers" : "its processes are connected";
      report(`${name}: ${what} ${seconds.toFixed(1)} s after its boot began; ${times}`);
      expect(seconds).toBeGreaterThan(0);
      const expected = ["identity", "store", "bundle", "timers", "environment", "system", "secret", "units"];
      expect(steps.map((step) => step.name)).toEqual(
        expected.filter((step) => step !== "secret" || name === "master"),
      );
    }
  });

  machineTest("a machine has the processors of its instance type", async ({ simulation }) => {
    expect((await simulation.node("worker-1").machine.exec(["nproc"])).stdout.trim()).toBe("2");
  });
}
