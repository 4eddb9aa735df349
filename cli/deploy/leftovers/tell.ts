import { commandLine } from "../../../lib/model/command-line";
import type { Cluster } from "../../../lib/model/config";
import { UserError } from "../../../lib/model/user-error";
import type { Terminal } from "../../terminal/terminal";
import { NoClusterError } from "../deployed-cluster";
import { initialize, stackFolderOf, writeStack } from "../terraform/stack";
import { findRunning } from "../terraform/terraform-record";
import { EC2_KINDS, type Leftover } from "./find";
import { lookForLeftovers, type LookOptions, NotLookedError, type Place } from "./look";
import { listLeftovers } from "./offer";
import { hasHistory } from "./read-knowledge";

/**
 * Lists the leftovers of a killed deploy beside a complete cluster.
 *
 * Only of what EC2 has: that costs money, and IAM would list all roles of the account each time.
 */
export async function tellLeftovers({ config }: Cluster, terminal: Terminal): Promise<void> {
  if (findRunning(config.name)) return;
  const found = await lookIfPossible(
    { config, stack: stackFolderOf(config.name), terminal },
    { kinds: EC2_KINDS },
  );
  say(found, "deploy --yes", config.name, terminal);
}

/** The same where no complete cluster stands, before the error that says so is thrown again. */
export async function withLeftovers(error: unknown, cluster: Cluster, terminal: Terminal): Promise<never> {
  const { config } = cluster;
  const cause = error instanceof UserError && error.cause instanceof NoClusterError ? error.cause : error;
  if (cause instanceof NoClusterError && hasHistory(config) && !findRunning(config.name)) {
    const stack = await writeStack(cluster);
    await initialize(stack);
    say(await lookIfPossible({ config, stack, terminal }), "destroy", config.name, terminal);
  }
  throw error;
}

/** Nothing when AWS does not tell: deploy and destroy look again, and say that they could not. */
async function lookIfPossible(place: Place, options: LookOptions = {}): Promise<readonly Leftover[]> {
  try {
    return (await lookForLeftovers(place, { ...options, readOnly: true })).leftovers;
  } catch (error) {
    if (error instanceof NotLookedError) return [];
    throw error;
  }
}

function say(leftovers: readonly Leftover[], command: string, cluster: string, terminal: Terminal): void {
  if (leftovers.length === 0) return;
  terminal.line(`\n${listLeftovers(leftovers, cluster)}`);
  terminal.line(`remove them with '${commandLine(command)}'\n`);
}
