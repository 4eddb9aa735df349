import type { Deployment } from "./deployment";
import { explained } from "./print-machines";

/** Declares a test that gets the deployment; when it fails, what the machines say is printed. */
export type MachineTest = (sentence: string, check: (deployment: Deployment) => Promise<void>) => void;

export function machineTests(deployment: () => Deployment | undefined): MachineTest {
  let isFirst = true;
  return (sentence, check) => {
    test(sentence, async () => {
      const current = deployment();
      if (!current) throw new Error("the simulation did not start");
      // The first one deploys. Without a cluster all others would fail in their own words and hide the reason.
      if (!isFirst && !current.outputs) throw new Error("there is no cluster to test");
      isFirst = false;
      await explained(current.simulation, () => check(current));
    });
  };
}
