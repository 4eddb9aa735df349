import { formatSeconds } from "../../../test-runs/formats/format";
import { isPassing } from "../../../test-runs/master/explain-master";
import type { ClusterNode } from "../../../test-runs/master/master-api";
import { isAwaitingWorkers } from "../../../test-runs/run/run-api";
import type { ChosenCluster } from "../../cluster/chosen-cluster";
import {
  confirmations,
  type Confirmation,
  type PushedMachine,
  type Wanted,
} from "../../deploy/push/confirmations";
import type { ObjectStore } from "../../deploy/push/object-store";
import { pause } from "../../terminal/interrupt";
import { LiveView } from "../../terminal/live-view";
import type { Terminal } from "../../terminal/terminal";

const INTERVAL_MS = 1000;

interface WaitOptions {
  readonly cluster: ChosenCluster;
  readonly store: ObjectStore;
  readonly machines: readonly PushedMachine[];
  readonly wanted: Wanted;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  readonly terminal: Terminal;
}

/** Waits until every machine has confirmed or refused, or the time is up. Gives what each said last. */
export async function waitForMachines(options: WaitOptions): Promise<readonly Confirmation[]> {
  const { cluster, store, machines, wanted, timeoutMs, signal, terminal } = options;
  const started = Date.now();
  const view = new LiveView(terminal);
  const many = cluster.kind === "local" ? "processes" : "machines";
  const instances = machines.map(({ instance_id }) => instance_id);
  for (;;) {
    const { nodes, busy } = await look(cluster);
    const found = confirmations(machines, wanted, nodes, await store.records(instances));
    const elapsed = Date.now() - started;
    const waiting = found.filter(({ state }) => state === "waiting");
    if (waiting.length === 0 || elapsed > timeoutMs || signal.aborted) {
      terminal.erase();
      return found;
    }
    const why = busy ? `the ${many} switch when run ${busy} ends` : describe(waiting);
    view.show(
      `waiting for ${waiting.length} of ${machines.length} ${many} (${formatSeconds(elapsed / 1000)}): ${why}`,
    );
    await pause(INTERVAL_MS, signal);
  }
}

/** A master that does not answer is about to start with the new test. */
async function look(cluster: ChosenCluster): Promise<{ nodes: readonly ClusterNode[]; busy: string | null }> {
  try {
    const { nodes } = await cluster.client.nodes();
    const run = await cluster.client.active();
    return { nodes, busy: run && !isAwaitingWorkers(run) ? run.id : null };
  } catch (error) {
    if (!isPassing(error)) throw error;
    return { nodes: [], busy: null };
  }
}

/** Machines that start again are away for a moment, which is no failure: why they are not there is for the end to say. */
function describe([first, ...others]: readonly Confirmation[]): string {
  return `${first!.name}${others.length > 0 ? ` and ${others.length} more` : ""}`;
}
