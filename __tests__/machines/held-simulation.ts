/** A simulation with one machine in a process of its own, so that the process can be killed. */
import { apiOf } from "../../simulator/account/clients";
import { Simulation } from "../../simulator/simulation";
import { runInstance } from "./plain-instance";
import { until } from "./patience";

async function hold(): Promise<void> {
  const simulation = await Simulation.start();
  await runInstance(apiOf(simulation.aws.account).ec2, "stop");
  const isRunning = () => simulation.instances.some((one) => one.isMade && one.machine.running);
  await until("the machine runs", 60, isRunning);
  process.stdout.write("a machine runs\n");
}

void hold();
