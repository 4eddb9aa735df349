import { hostType } from "../../simulator/instance-types";
import type { MachineTest } from "./machine-test";
import { report, until } from "./patience";

export function scalingTests(machineTest: MachineTest): void {
  machineTest("from three workers to one: two leave, and the master does not notice", async (deployment) => {
    const { cluster, simulation } = deployment;
    const { machine } = simulation.node("master");
    const started = async () =>
      (await machine.exec(["systemctl", "show", "locust-master", "--property=ActiveEnterTimestampMonotonic"]))
        .stdout;
    const before = await started();
    cluster.override({ LOCUST_CLUSTER_WORKERS_COUNT: "1" });
    await deployment.deploy();
    await until("the machines are gone", 30, () => simulation.instances.length === 2);
    await until("two processes are left", 30, async () => (await deployment.connected()) === 2);
    expect(await started()).toBe(before);
  });

  machineTest(
    "the master changes its size: same addresses, and the workers return by themselves",
    async (deployment) => {
      const { cluster, simulation } = deployment;
      const { master_public_ip, master_private_ip } = deployment.outputs;
      const worker = simulation.node("worker-1").instance.id;
      const type = hostType("t4g.medium");
      cluster.override({ LOCUST_CLUSTER_MASTER_INSTANCE_TYPE: type });
      await deployment.deploy();
      expect(deployment.outputs).toMatchObject({ master_public_ip, master_private_ip });
      expect(simulation.node("master").instance.type).toBe(type);
      const seconds = await until("the worker is back", 60, async () => (await deployment.connected()) === 2);
      report(`the worker was back ${seconds.toFixed(1)} s after the deploy`);
      expect(simulation.node("worker-1").instance.id).toBe(worker);
    },
  );
}
