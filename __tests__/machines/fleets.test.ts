import type { Deployment } from "./deployment";
import { destroyTests } from "./destroy";
import { deployFleet } from "./fleet-deployment";
import { fleetRunTests, startWholeFleet } from "./fleet-runs";
import { machineTests } from "./machine-test";

describe("a fleet on booted machines", () => {
  let deployment: Deployment | undefined;

  beforeAll(async () => {
    deployment = await deployFleet();
  });

  afterAll(() => deployment?.stop());

  const machineTest = machineTests(() => deployment);

  // In this order: each leaves the cluster as the next one needs it, and the last one removes it.
  fleetRunTests(machineTest);
  destroyTests(machineTest, startWholeFleet);
});
