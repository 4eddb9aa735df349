import type { Simulation } from "../../simulator/simulation";
import { report } from "./patience";

/** Runs a check; when it fails, prints everything of the machines that may tell why. */
export async function explained<T>(
  simulation: Simulation,
  check: () => Promise<T>,
  { prefix = "" } = {},
): Promise<T> {
  try {
    return await check();
  } catch (error) {
    await printMachines(simulation, prefix);
    throw error;
  }
}

/** @param prefix only machines whose label begins with it */
async function printMachines({ instances }: Simulation, prefix: string): Promise<void> {
  for (const { label, machine } of instances.filter((one) => one.isMade && one.label.startsWith(prefix))) {
    report(`---- ${label}: /var/log/user-data.log`);
    report(machine.read("var/log/user-data.log") ?? "not there");
    report(`---- ${label}: journal`);
    const { stdout, stderr } = await machine.exec(["journalctl", "--no-pager", "-n", "150"]);
    report(stdout || stderr);
  }
}
