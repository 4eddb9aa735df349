import { bootTests } from "./boot";
import { bootstrapFailureTests } from "./bootstrap-failures";
import { Deployment } from "./deployment";
import { destroyTests } from "./destroy";
import { faultTests } from "./faults";
import { loadTests } from "./load";
import { loginTests } from "./login";
import { machineTests } from "./machine-test";
import { mishapTests } from "./mishaps";
import { portTests } from "./ports";
import { pushTests } from "./push";
import { runTests } from "./runs";
import { scalingTests } from "./scaling";
import { sshTests } from "./ssh";

describe("a cluster on booted machines", () => {
  let deployment: Deployment | undefined;

  beforeAll(async () => {
    deployment = await Deployment.start();
  });

  afterAll(() => deployment?.stop());

  const machineTest = machineTests(() => deployment);

  // In this order: each leaves the cluster as the next one needs it, and the last one removes it.
  bootTests(machineTest);
  loginTests(machineTest);
  sshTests(machineTest);
  portTests(machineTest);
  loadTests(machineTest);
  runTests(machineTest);
  mishapTests(machineTest);
  faultTests(machineTest);
  pushTests(machineTest);
  bootstrapFailureTests(machineTest);
  scalingTests(machineTest);
  destroyTests(machineTest);
});
