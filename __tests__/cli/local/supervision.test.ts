import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Guard } from "../../../cli/local/guard";
import { Service, type Exit } from "../../../cli/local/service";
import { isAlive } from "../../../locks/exclusive";

jest.setTimeout(30_000);

let folder: string;
const guard = new Guard();
const services: Service[] = [];

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "locust-cluster-service-"));
});
afterAll(async () => {
  await Promise.all(services.map((service) => service.stop()));
  guard.close();
  rmSync(folder, { recursive: true });
});

/** Until it is so; the test's own time limit ends the wait. */
async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 20));
}

function service(script: string, onExit: (exit: Exit) => void = () => undefined): Service {
  const log = join(folder, `${services.length}.log`);
  const made = new Service({
    name: "test",
    command: "sh",
    args: ["-c", script],
    env: process.env,
    log,
    guard,
    onExit: (_service, _pid, exit) => {
      onExit(exit);
    },
  });
  services.push(made);
  made.start();
  return made;
}

describe("Service", () => {
  test("starts again what died, and says how it died", async () => {
    const exits: Exit[] = [];
    const made = service("sleep 60", (exit) => exits.push(exit));
    const first = made.pid!;
    process.kill(first, "SIGKILL");
    await until(() => made.pid !== undefined && made.pid !== first);
    expect(exits).toEqual([{ code: null, signal: "SIGKILL" }]);
    await made.stop();
  });

  test("ends with everything that it started", async () => {
    const made = service("sleep 60 & echo $!; wait");
    const log = join(folder, `${services.length - 1}.log`);
    await until(() => readFileSync(log, "utf8") !== "");
    const grandchild = Number(readFileSync(log, "utf8"));
    await made.stop();
    await until(() => !isAlive(grandchild));
    expect(made.pid).toBeUndefined();
  });

  test("does not come back after it was stopped", async () => {
    const exits: Exit[] = [];
    const made = service("sleep 60", (exit) => exits.push(exit));
    await made.stop();
    expect([made.pid, exits]).toEqual([undefined, []]);
  });

  test("kills what does not listen", async () => {
    const made = service("trap '' TERM; echo ready; while :; do sleep 1; done");
    const log = join(folder, `${services.length - 1}.log`);
    await until(() => readFileSync(log, "utf8") !== "");
    const pid = made.pid!;
    await made.stop();
    expect(isAlive(pid)).toBe(false);
  });
});

test("the guard ends what a killed process leaves behind, and only that", async () => {
  const start = () => spawn("sleep", ["60"], { detached: true, stdio: "ignore" });
  const [kept, ended] = [start(), start()];
  const watch = new Guard();
  for (const child of [kept, ended]) watch.add(child.pid!);
  watch.remove(kept.pid!);
  watch.close(); // as when our end of the pipe is closed by the kernel
  const [, signal] = (await once(ended, "exit")) as [null, string];
  expect(signal).toBe("SIGTERM");
  expect(kept.exitCode).toBeNull();
  kept.kill("SIGKILL");
});
