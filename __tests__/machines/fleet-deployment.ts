import { FLEET_TAG } from "../../protocol/generated/constants";
import type { SimulatedInstance } from "../../simulator/simulated-instance";
import { Deployment } from "./deployment";
import { until } from "./patience";

/** All machines of workers are those of a fleet on spot capacity, which is empty between runs. */
const CONFIG = `workers: { count: 0 }
master: { instanceType: t4g.small }
locust: { locustfile: locust/locustfile.py, extraArgs: [--stop-timeout, "2"] }
fleets:
  shop: { instanceTypes: [c7g.large, c6g.large], max: 2, spot: true, idle: 1m }
`;

/** Two vCPUs, and so two processes, on each machine. */
export const PROCESSES = 4;

export const deployFleet = (): Promise<Deployment> => Deployment.start(CONFIG);

/** Machines of the fleet that exist. */
export function machinesOf({ simulation }: Deployment): readonly SimulatedInstance[] {
  return simulation.instances.filter(({ instance }) => instance.tags[FLEET_TAG] === "shop");
}

/** Waits until so many are there. */
export async function untilMachines(deployment: Deployment, count: number, seconds: number): Promise<number> {
  const found = () => machinesOf(deployment).length;
  return until(
    `the fleet has ${count} machines`,
    seconds,
    () => found() === count,
    () => `it has ${found()}`,
  );
}
