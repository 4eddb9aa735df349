import type { Command } from "commander";
import { commandLine } from "../../lib/model/command-line";
import { findDeployed, openCloudCluster, type ClusterChoice } from "../cluster/chosen-cluster";
import { explainFleets, noFleetsHere } from "../cluster/no-fleets";
import { describeFleetStatus, renderFleetTable, toFleetStatus } from "../machines/fleet-status";
import { MemberReader } from "../machines/member-reader";
import { EXIT } from "../terminal/exit-codes";
import { print, printJson } from "../terminal/output";
import { outputTable, Terminal } from "../terminal/terminal";
import type { CommandResult } from "./definition/command-result";
import { deployedCluster, examples, withJson, type JsonOption } from "./definition/options";

interface FleetsOptions extends ClusterChoice, JsonOption {}

/** Options and action of `locust-cluster fleets`. */
export function define(command: Command, result: CommandResult): void {
  examples(withJson(deployedCluster(command)), [
    "npx locust-cluster fleets",
    "npx locust-cluster fleets --json",
  ]).action(async (options: FleetsOptions) => {
    result.code = await fleets(options);
  });
}

/** Lists the fleets of the deployed cluster. */
async function fleets(options: FleetsOptions): Promise<number> {
  const terminal = new Terminal();
  const outputs = await findDeployed(options, noFleetsHere);
  const { client, label } = openCloudCluster(outputs);
  const reader = new MemberReader(outputs, client);
  try {
    const [told, look] = await Promise.all([client.fleets(), reader.look()]);
    const found = toFleetStatus(told, look.members);
    if (options.json) printJson({ fleets: found });
    else if (found.length > 0) print(renderFleetTable(found, outputTable()));
    else terminal.line(`${label} has no fleets: name some in cluster.yaml, then '${commandLine("deploy")}'`);
    if (look.ledgerProblem) terminal.warn(`${look.ledgerProblem.message}; 'desired' is not known`);
    if (!options.json) for (const line of describeFleetStatus(found, Date.now())) terminal.line(line);
    return EXIT.ok;
  } catch (error) {
    throw explainFleets(error, label);
  } finally {
    reader.close();
    client.close();
  }
}
