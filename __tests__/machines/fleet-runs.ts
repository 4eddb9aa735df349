import { setTimeout as sleep } from "node:timers/promises";
import { setCapacity } from "../../simulator/account/capacity";
import { interruptSpot } from "../../simulator/account/notices";
import { bringForward } from "../../simulator/account/scheduled-actions";
import { ADDRESSES } from "../../simulator/namespace";
import type { SimulatedInstance } from "../../simulator/simulated-instance";
import type { Run } from "../../test-runs/run/run-api";
import type { Deployment } from "./deployment";
import { machinesOf, PROCESSES, untilMachines } from "./fleet-deployment";
import type { MachineTest } from "./machine-test";
import { report, until } from "./patience";
import { filesAtHome } from "./run-files";
import { idIn, stateOf } from "./runs";
import { Timeline } from "./timeline";

export const USERS = 100;
/** Of a run that brings these machines, such as `shop=2`. */
export const loadOf = (...fleets: readonly string[]): string[] => [
  ...["-u", String(USERS), "-r", String(USERS), "-H", `http://${ADDRESSES.target}`],
  ...fleets.flatMap((fleet) => ["--fleet", fleet]),
];
const LOAD = loadOf("shop=2");

/** A machine of the group has to boot. */
export const READY_S = 90;
/** Two minutes on AWS. */
const NOTICE_S = 30;
/** Users of a machine that leaves are elsewhere by then. */
const MOVED_S = 10;
const SILENT_S = 2.5;
/** `idle` of the fleet, and a round of the master's. */
const IDLE_S = 60 + 75;
/** The way back that the master schedules lies at most so far ahead of a run's end. */
const WAY_BACK_S = 3600;

export const recorded = (deployment: Deployment, run: string) =>
  JSON.parse(filesAtHome(deployment, run)["run.json"] ?? "") as Run;

/** Full load from both machines, and then something happens to one of them. Gives the run. */
async function underLoad(
  deployment: Deployment,
  title: string,
  struck: SimulatedInstance,
  strike: () => Promise<void>,
): Promise<string> {
  const { simulation, master } = deployment;
  const sent = () => simulation.target.requests().get(struck.instance.privateIp);
  const isSilent = async () => {
    const before = sent();
    await sleep(SILENT_S * 1000);
    return sent() === before;
  };
  simulation.target.reset();
  const { lines } = await deployment.cli("run", ...LOAD, "-t", "90s", "--detach");
  const run = idIn(lines);
  const timeline = new Timeline(simulation.target, master, USERS);
  try {
    await timeline.untilFull(READY_S);
    const since = timeline.now;
    await strike();
    const silent = await until("its users are elsewhere", MOVED_S + SILENT_S, isSilent);
    report(`${title}: its last request was ${(silent - SILENT_S).toFixed(1)} s after it`);
    expect(await timeline.untilBack(title, since, MOVED_S + 15)).toBeLessThanOrEqual(MOVED_S);
    const isComplete = async () =>
      !machinesOf(deployment).includes(struck) && (await deployment.connected()) === PROCESSES;
    const back = await until("another machine has joined", READY_S, isComplete);
    report(`${title}: all processes were connected ${back.toFixed(1)} s later`);
    await until("the run is over", 120, async () => (await stateOf(deployment, run)) === "finished");
  } finally {
    timeline.stop(title);
  }
  expect((await deployment.cli("pull", run)).code).toBe(0);
  return run;
}

/** A run on the whole fleet at home, or with that of another region, until it is stopped. */
export async function startWholeFleet(deployment: Deployment, ...others: string[]): Promise<void> {
  const { target } = deployment.simulation;
  target.reset();
  await deployment.cli("run", ...loadOf("shop=2", ...others), "--detach");
  await until("the load comes", READY_S, () => target.total > 0);
}

export function fleetRunTests(machineTest: MachineTest): void {
  machineTest("deploy is complete with the master alone", async (deployment) => {
    await deployment.deploy();
    expect(deployment.simulation.instances).toHaveLength(1);
  });

  machineTest("a run brings its machines, and its load comes from all of them", async (deployment) => {
    const { target } = deployment.simulation;
    target.reset();
    const { code, lines } = await deployment.cli("run", ...LOAD, "-t", "15s");
    expect(code).toBe(0);
    expect(lines.join("\n")).toMatch(/scaling/);
    const addresses = machinesOf(deployment).map(({ instance }) => instance.privateIp);
    expect([...target.requests().keys()].sort()).toEqual(addresses.sort());
    const { total } = recorded(deployment, idIn(lines));
    expect(total).toMatchObject({ requests: target.total, failures: 0 });
    expect(target.total).toBeGreaterThan(USERS * 13);
  });

  machineTest("a spot notice under load: its users move, and no request is lost", async (deployment) => {
    const { simulation } = deployment;
    const [leaving] = machinesOf(deployment);
    const run = await underLoad(deployment, "spot notice", leaving!, () =>
      interruptSpot(simulation.aws.account, leaving!.instance.id, NOTICE_S),
    );
    const { total, interruptions, lost_workers } = recorded(deployment, run);
    expect(total).toMatchObject({ requests: simulation.target.total, failures: 0 });
    expect([interruptions?.count, lost_workers?.count]).toEqual([1, 0]);
    const { id } = leaving!.instance;
    expect(filesAtHome(deployment, run)["timeline.csv"]).toContain(`spot: ${id}, fleet shop, leaves`);
  });

  machineTest("a machine loses its power under load: its group replaces it", async (deployment) => {
    const [dead] = machinesOf(deployment);
    await underLoad(deployment, "machine of the fleet killed", dead!, () => dead!.machine.pullPlug());
  });

  machineTest("a fleet that no run needs goes back to its size", async (deployment) => {
    const seconds = await untilMachines(deployment, 0, IDLE_S);
    report(`the fleet was empty ${seconds.toFixed(1)} s after the last test`);
  });

  machineTest("the master process is killed while a run scales: the run goes on", async (deployment) => {
    const { simulation } = deployment;
    const { account } = simulation.aws;
    await setCapacity(account, { lacks: [{}] });
    const run = idIn((await deployment.cli("run", ...LOAD, "-t", "10s", "--detach")).lines);
    try {
      await until("the run says why", 60, async () => {
        const found = (await deployment.master.runs())?.runs.find(({ id }) => id === run);
        return found?.state === "scaling" && /AWS has no spot capacity/.test(found.reason ?? "");
      });
      const { machine } = simulation.node("master");
      await machine.exec(["systemctl", "kill", "--signal=KILL", "locust-master"]);
      await until("the master is back", 20, async () => (await stateOf(deployment, run)) === "scaling");
    } finally {
      await setCapacity(account, {});
    }
    await until("the run is over", READY_S + 60, async () => (await stateOf(deployment, run)) === "finished");
    expect(machinesOf(deployment)).toHaveLength(2);
  });

  machineTest("the master is gone for good: AWS takes the fleet back", async (deployment) => {
    const { simulation } = deployment;
    await startWholeFleet(deployment);
    const { machine } = simulation.node("master");
    await machine.pullPlug();
    try {
      await sleep(5_000);
      expect(machinesOf(deployment)).toHaveLength(2);
      await bringForward(simulation.aws.account, WAY_BACK_S);
      await untilMachines(deployment, 0, 30);
    } finally {
      machine.boot(); // the tests that follow need it
    }
    await until("the master is back", 60, async () => (await deployment.master.runs())?.active === null);
  });
}
