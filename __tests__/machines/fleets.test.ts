import type { Deployment } from "./deployment";
import { destroyTests } from "./destroy";
import { deployFleet, FAR_REGION } from "./fleet-deployment";
import { fleetRegionTests } from "./fleet-regions";
import { fleetRunTests, startWholeFleet } from "./fleet-runs";
import { machineTests } from "./machine-test";

describe("fleets on booted machines", () => {
  let deployment: Deployment | undefined;

  beforeAll(async () => {
    deployment = await deployFleet();
  });

  afterAll(() => deployment?.stop());

  const machineTest = machineTests(() => deployment);

  // In this order: each leaves the cluster as the next one needs it, and the last one removes it.
  fleetRunTests(machineTest);
  fleetRegionTests(machineTest);
  destroyTests(machineTest, (deployment) => startWholeFleet(deployment, "far=1"), [FAR_REGION]);
});
