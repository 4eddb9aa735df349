import { FLEET_TAG } from "../../protocol/generated/constants";
import type { SimulatedInstance } from "../../simulator/simulated-instance";
import { Deployment } from "./deployment";
import { until } from "./patience";

export const HOME_REGION = "us-east-1";
/** 80 ms away, there and back. */
export const FAR_REGION = "eu-central-1";

/** All machines of workers are those of a fleet on spot capacity, and of one in another region. Both are empty between runs. */
const CONFIG = `workers: { count: 0 }
master: { instanceType: t4g.small }
locust: { locustfile: locust/locustfile.py, extraArgs: [--stop-timeout, "2"] }
fleets:
  shop: { instanceTypes: [c7g.large, c6g.large], max: 2, spot: true, idle: 1m }
  far: { region: ${FAR_REGION}, instanceTypes: [c7g.large], max: 1, idle: 1m }
`;

/** Of two machines: each has two vCPUs, and so two processes. */
export const PROCESSES = 4;

export const deployFleet = (): Promise<Deployment> => Deployment.start(CONFIG);

/** Machines of a fleet that exist. */
export function machinesOf({ simulation }: Deployment, fleet = "shop"): readonly SimulatedInstance[] {
  return simulation.instances.filter(({ instance }) => instance.tags[FLEET_TAG] === fleet);
}

/** Waits until the fleet at home has so many. */
export async function untilMachines(deployment: Deployment, count: number, seconds: number): Promise<number> {
  const found = () => machinesOf(deployment).length;
  return until(
    `the fleet has ${count} machines`,
    seconds,
    () => found() === count,
    () => `it has ${found()}`,
  );
}
