import { RebootInstancesCommand, StartInstancesCommand, StopInstancesCommand } from "@aws-sdk/client-ec2";
import { setTimeout as sleep } from "node:timers/promises";
import { apiOf } from "../../simulator/account/clients";
import type { Deployment } from "./deployment";
import type { MachineTest } from "./machine-test";
import { report, until } from "./patience";
import { Timeline } from "./timeline";

const USERS = 200;
const PROCESSES = 4;

/** What the design promises (docs/architecture.md), in seconds. */
const LOST_WORKER = 8;
const MASTER_PROCESS = 20;
/** Of the timeline, when its master is lost; half a minute is allowed by the copy in the bucket. */
const LOST_ROWS_S = 30;
/** A machine has to boot besides. */
const MASTER_MACHINE = 60;

async function startLoad({ master }: Deployment): Promise<void> {
  // The page, too, offers no start while a test stops: Locust would begin it with workers that are still stopping.
  let seen = "";
  const isIdle = async () => {
    const { state = "no answer", worker_count } = (await master.statistics()) ?? {};
    seen = `the master is ${state} with ${worker_count} workers`;
    return ["ready", "stopped"].includes(state) && worker_count === PROCESSES;
  };
  await until("all workers are connected and idle", MASTER_MACHINE, isIdle, () => seen);
  await master.start(USERS, USERS);
}

/** Full load, a fault, and then the load at its target and, if they come back by themselves, all workers connected. */
async function survive(
  deployment: Deployment,
  title: string,
  fault: () => Promise<void>,
  allowed: { readonly load: number; readonly connected?: number },
): Promise<void> {
  const { simulation, master } = deployment;
  const timeline = new Timeline(simulation.target, master, USERS);
  try {
    await startLoad(deployment);
    await timeline.untilFull(20);
    const since = timeline.now;
    await fault();
    expect(await timeline.untilBack(title, since, allowed.load + 25)).toBeLessThanOrEqual(allowed.load);
    const isComplete = async () => (await deployment.connected()) === PROCESSES;
    if (allowed.connected) await until("all workers are connected", allowed.connected, isComplete);
  } finally {
    timeline.stop(title);
    await master.stop().catch(() => undefined);
  }
}

/** A fault of the master ends the test; the workers come back by themselves and the next test runs at once. */
async function surviveMaster(
  deployment: Deployment,
  title: string,
  fault: () => Promise<void>,
  allowedSeconds: number,
): Promise<void> {
  const { simulation, master } = deployment;
  const timeline = new Timeline(simulation.target, master, USERS);
  try {
    await startLoad(deployment);
    await timeline.untilFull(20);
    const run = (await master.runs())?.active ?? "";
    const struck = Date.now();
    await fault();
    const seconds = await until("all workers are connected", allowedSeconds, async () => {
      const { state = "running", worker_count } = (await master.statistics()) ?? {};
      return state !== "running" && worker_count === PROCESSES;
    });
    report(`${title}: all workers were connected again after ${seconds.toFixed(1)} s`);
    await expectInterrupted(deployment, run, struck);
    const again = timeline.now;
    await startLoad(deployment);
    await timeline.untilFull(20, again);
  } finally {
    timeline.stop(title);
    await master.stop().catch(() => undefined);
  }
}

/** The run that the master had is over, and what was measured until then is there. */
async function expectInterrupted({ master }: Deployment, run: string, struck: number): Promise<void> {
  const found = (await master.runs())?.runs.find(({ id }) => id === run);
  expect(found?.state).toBe("interrupted");
  const lost = (struck - Math.max(...(await master.timeline(run)))) / 1000;
  report(
    `run ${run} is ${found?.state} (${found?.reason}); the last row of its timeline was ${lost.toFixed(1)} s old`,
  );
  expect(lost).toBeLessThanOrEqual(LOST_ROWS_S);
}

export function faultTests(machineTest: MachineTest): void {
  machineTest(
    "a worker process is killed: its users are back within 8 s, and so is the process",
    async (deployment) => {
      const { machine } = deployment.simulation.node("worker-1");
      const kill = async () =>
        void (await machine.exec(["systemctl", "kill", "--signal=KILL", "locust-worker@1"]));
      await survive(deployment, "worker process killed", kill, { load: LOST_WORKER, connected: 15 });
    },
  );

  machineTest(
    "a worker machine loses its power and boots again: its users are back within 8 s",
    async (deployment) => {
      const { machine } = deployment.simulation.node("worker-1");
      const pull = () => machine.pullPlug();
      try {
        await survive(deployment, "worker machine killed", pull, { load: LOST_WORKER });
      } finally {
        machine.boot(); // the tests that follow need it
      }
      const seconds = await until(
        "it is connected again",
        60,
        async () => (await deployment.connected()) === PROCESSES,
      );
      report(`the machine was connected ${seconds.toFixed(1)} s after its boot`);
    },
  );

  machineTest(
    "the network of a worker is cut for 30 s: its users are back within 8 s, then the worker",
    async (deployment) => {
      const { machine } = deployment.simulation.node("worker-2");
      const cut = async () => {
        await machine.setNetwork(false);
        setTimeout(() => void machine.setNetwork(true), 30_000);
      };
      await survive(deployment, "worker's network cut", cut, { load: LOST_WORKER, connected: 50 });
    },
  );

  machineTest("the master process is killed: all workers are back within 20 s", async (deployment) => {
    const { machine } = deployment.simulation.node("master");
    const kill = async () =>
      void (await machine.exec(["systemctl", "kill", "--signal=KILL", "locust-master"]));
    await surviveMaster(deployment, "master process killed", kill, MASTER_PROCESS);
  });

  machineTest("the master machine is rebooted: all workers are back", async (deployment) => {
    const { ec2 } = apiOf(deployment.simulation.aws.account);
    const ids = { InstanceIds: [deployment.simulation.node("master").instance.id] };
    const reboot = async () => void (await ec2.send(new RebootInstancesCommand(ids)));
    await surviveMaster(deployment, "master machine rebooted", reboot, MASTER_MACHINE);
  });

  machineTest(
    "the master machine is stopped and started: same address, all workers are back",
    async (deployment) => {
      const { simulation } = deployment;
      const { ec2 } = apiOf(simulation.aws.account);
      const node = simulation.node("master");
      const ids = { InstanceIds: [node.instance.id] };
      const cycle = async () => {
        await ec2.send(new StopInstancesCommand(ids));
        await until("the master is off", 40, () => !node.machine.running);
        await sleep(3_000);
        await ec2.send(new StartInstancesCommand(ids));
      };
      await surviveMaster(deployment, "master machine stopped and started", cycle, MASTER_MACHINE);
      expect(node.instance.publicIp).toBe(deployment.outputs.master_public_ip);
    },
  );
}
