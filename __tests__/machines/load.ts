import { setTimeout as sleep } from "node:timers/promises";
import type { MachineTest } from "./machine-test";
import { report, until } from "./patience";
import { Timeline } from "./timeline";

const USERS = 200;

export function loadTests(machineTest: MachineTest): void {
  machineTest(
    "a test of 30 s at 200 users: every request arrives, from both workers, and is counted",
    async (deployment) => {
      const { simulation, master } = deployment;
      const { target } = simulation;
      target.reset();
      const timeline = new Timeline(target, master, USERS);
      await master.start(USERS, USERS);
      await until("200 users run", 15, async () => (await master.statistics())?.user_count === USERS);
      await sleep(30_000);
      await master.stop();
      await until("the test has stopped", 15, async () => (await master.statistics())?.state === "stopped");
      // Workers report every three seconds.
      await sleep(4_000);
      timeline.stop("30 s at 200 users");
      const statistics = await master.statistics();
      const total = statistics?.stats.find(({ name }) => name === "Aggregated");
      report(
        `the target counted ${target.total} requests, Locust ${total?.num_requests} with ${total?.num_failures} failures, the slowest after ${total?.max_response_time.toFixed(0)} ms`,
      );
      const workers = ["worker-1", "worker-2"].map((name) => simulation.node(name).instance.privateIp);
      expect([...target.requests().keys()].sort()).toEqual(workers.sort());
      expect(total?.num_failures).toBe(0);
      // To the request: none is on its way when a user stops (--stop-timeout).
      expect(total?.num_requests).toBe(target.total);
      expect(target.total).toBeGreaterThan(USERS * 28);
    },
  );
}
