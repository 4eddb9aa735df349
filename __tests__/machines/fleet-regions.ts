import { setTimeout as sleep } from "node:timers/promises";
import type { Deployment } from "./deployment";
import { FAR_REGION, HOME_REGION, machinesOf, PROCESSES } from "./fleet-deployment";
import type { Run } from "../../test-runs/run/run-api";
import { loadOf, READY_S, recorded, USERS } from "./fleet-runs";
import type { MachineTest } from "./machine-test";
import { report, until } from "./patience";
import { idIn, stateOf } from "./runs";
import { Timeline } from "./timeline";

/** One machine in each region, and so as many processes as on two at home. */
const LOAD = loadOf("shop=1", "far=1");

/** Locust takes a silent worker for missing after three seconds. */
const MISSING_S = 8;
/** A worker process is started again after half a minute without its master, and joins when the link is up. */
const BACK_S = 30;

/** Users are spread anew when a process joins. */
const MOVED_S = 10;

/** A run under full load whose regions are cut from each other for some seconds. */
async function cutFor(deployment: Deployment, seconds: number): Promise<{ run: Run; cutAt: number }> {
  const { simulation, master } = deployment;
  const title = `regions cut for ${seconds} s`;
  simulation.target.reset();
  const { lines } = await deployment.cli("run", ...LOAD, "-t", `${seconds + 80}s`, "--detach");
  const id = idIn(lines);
  const timeline = new Timeline(simulation.target, master, USERS);
  let cutMs: number;
  try {
    await timeline.untilFull(READY_S);
    cutMs = Date.now();
    simulation.setLink(HOME_REGION, FAR_REGION, false);
    await sleep(seconds * 1000);
    simulation.setLink(HOME_REGION, FAR_REGION, true);
    const isComplete = async () => (await deployment.connected()) === PROCESSES;
    const back = await until("all processes are connected", BACK_S, isComplete);
    report(`${title}: all processes were connected ${back.toFixed(1)} s after it`);
    await sleep(MOVED_S * 1000);
    const before = simulation.target.total;
    await sleep(5_000);
    const rate = (simulation.target.total - before) / 5;
    report(`${title}: ${rate.toFixed(1)} requests/s then`);
    expect(rate).toBeGreaterThan(USERS * 0.9);
    expect(rate).toBeLessThan(USERS * 1.1);
    await until("the run is over", 120, async () => (await stateOf(deployment, id)) === "finished");
  } finally {
    simulation.setLink(HOME_REGION, FAR_REGION, true);
    timeline.stop(title);
  }
  expect((await deployment.cli("pull", id)).code).toBe(0);
  const run = recorded(deployment, id);
  return { run, cutAt: (cutMs - Date.parse(run.started!)) / 1000 };
}

/** Requests that the target had from the machines of a fleet. */
function arrived(deployment: Deployment, fleet: string): number {
  const addresses = machinesOf(deployment, fleet).map(({ instance }) => instance.privateIp);
  const requests = deployment.simulation.target.requests();
  return addresses.reduce((sum, address) => sum + (requests.get(address) ?? 0), 0);
}

export function fleetRegionTests(machineTest: MachineTest): void {
  machineTest("a run brings machines of two regions, and its load comes from both", async (deployment) => {
    const { target } = deployment.simulation;
    target.reset();
    const { code, lines } = await deployment.cli("run", ...LOAD, "-t", "15s");
    expect(code).toBe(0);
    const [home, far] = ["shop", "far"].map((fleet) => arrived(deployment, fleet));
    expect(machinesOf(deployment, "far").map(({ instance }) => instance.region)).toEqual([FAR_REGION]);
    expect(home).toBeGreaterThan(0);
    expect(far).toBeGreaterThan(0);
    expect(home! + far!).toBe(target.total);
    const { total, fleet_figures } = recorded(deployment, idIn(lines));
    expect(total).toMatchObject({ requests: target.total, failures: 0 });
    expect(fleet_figures).toMatchObject({
      shop: { total: { requests: home } },
      far: { total: { requests: far } },
    });
  });

  machineTest(
    "the regions are cut from each other for 10 s: every request is counted",
    async (deployment) => {
      const { run } = await cutFor(deployment, 10);
      expect(run.total).toMatchObject({ requests: deployment.simulation.target.total, failures: 0 });
    },
  );

  machineTest(
    "the regions are cut from each other for 60 s: the run names the seconds that are not reported",
    async (deployment) => {
      const { run, cutAt } = await cutFor(deployment, 60);
      const lost = run.lost_workers!;
      const figures = run.fleet_figures!;
      report(`cut at ${cutAt.toFixed(1)} s of the run; lost workers: ${JSON.stringify(lost)}`);
      expect(lost.count).toBeGreaterThanOrEqual(2);
      expect(lost.first_s).toBeGreaterThan(cutAt);
      expect(lost.first_s).toBeLessThan(cutAt + MISSING_S);
      expect(lost.back_s).toBeGreaterThan(cutAt + 60);
      expect(lost.back_s).toBeLessThan(cutAt + 60 + BACK_S);
      // Whoever was connected all the time has told everything; of the others, what was on its way may have come.
      expect(figures["shop"]!.total.requests).toBe(arrived(deployment, "shop"));
      expect(figures["far"]!.total.requests).toBeLessThanOrEqual(arrived(deployment, "far"));
    },
  );
}
