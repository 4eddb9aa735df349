import type { Command } from "commander";
import { commandLine } from "../../lib/model/command-line";
import { UserError } from "../../lib/model/user-error";
import { formatSeconds, plural } from "../../test-runs/formats/format";
import { findDeployed, openCloudCluster, type ClusterChoice } from "../cluster/chosen-cluster";
import { explainFleets, noFleetsHere } from "../cluster/no-fleets";
import { EXIT } from "../terminal/exit-codes";
import { printJson } from "../terminal/output";
import { Terminal } from "../terminal/terminal";
import type { CommandResult } from "./definition/command-result";
import { deployedCluster, examples, withJson, type JsonOption } from "./definition/options";

interface ScaleOptions extends ClusterChoice, JsonOption {}

/** Options and action of `locust-cluster scale`. */
export function define(command: Command, result: CommandResult): void {
  examples(withJson(deployedCluster(command)), [
    "npx locust-cluster scale eu 10",
    "npx locust-cluster scale eu 0",
  ])
    .argument("<fleet>", "name of the fleet in cluster.yaml")
    .argument("<machines>", "from its size to its max; they leave after its idle without a run")
    .action(async (fleet: string, machines: string, options: ScaleOptions) => {
      result.code = await scale(fleet, toMachines(machines), options);
    });
}

/** Sets the machines of a fleet; the master starts and ends them. */
async function scale(name: string, machines: number, options: ScaleOptions): Promise<number> {
  const outputs = await findDeployed(options, noFleetsHere);
  const { client, label } = openCloudCluster(outputs);
  try {
    const fleet = await client.scaleFleet(name, machines);
    if (options.json) printJson({ name, ...fleet });
    const terminal = new Terminal();
    terminal.line(`fleet ${name}: ${plural(machines, "machine")}${holds(machines, fleet)}`);
    terminal.line(`see them with '${commandLine("fleets")}'`);
    return EXIT.ok;
  } catch (error) {
    throw explainFleets(error, label);
  } finally {
    client.close();
  }
}

function holds(machines: number, { size, idle }: { readonly size: number; readonly idle: number }): string {
  if (machines === size) return ", its size";
  return ` for ${formatSeconds(idle)}, and longer if a run begins`;
}

function toMachines(text: string): number {
  if (/^\d{1,6}$/.test(text)) return Number(text);
  throw new UserError(`<machines> must be a whole number of 0 or more, got '${text}'`);
}
