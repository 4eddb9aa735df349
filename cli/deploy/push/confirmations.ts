import { shortHash } from "../../../test-runs/formats/format";
import { isThere, type ClusterNode } from "../../../test-runs/master/master-api";
import type { NodeRecord } from "../../machines/ledger";

/** A machine that must answer. */
export type PushedMachine = Pick<ClusterNode, "name" | "instance_id">;

export interface Confirmation {
  readonly name: string;
  readonly state: "confirmed" | "refused" | "waiting";
  /** Why it is not confirmed; empty when it is. */
  readonly reason: string;
  /** What the machine's check printed last. */
  readonly log: readonly string[];
}

export interface Wanted {
  readonly bundle: string;
  /** Names of environments, for whatever architecture. Empty in a local cluster. */
  readonly environments: readonly string[];
}

/** Each machine's answer to a push: the master knows which test runs, the ledger why one was refused. Pure. */
export function confirmations(
  machines: readonly PushedMachine[],
  wanted: Wanted,
  nodes: readonly ClusterNode[],
  records: readonly NodeRecord[],
): Confirmation[] {
  return machines.map(({ name, instance_id }) => {
    // By the id, which stands in a record's key: the name is only a machine's word.
    const node = nodes.find((each) => each.instance_id === instance_id);
    const refused = records.find((each) => each.instance_id === instance_id)?.refused;
    if (node && runs(node, wanted)) return { name, state: "confirmed", reason: "", log: [] };
    if (refused?.bundle === wanted.bundle)
      return { name, state: "refused", reason: refused.reason, log: refused.log };
    return { name, state: "waiting", reason: whyWaiting(name, node, wanted), log: [] };
  });
}

function runs(node: ClusterNode, { bundle, environments }: Wanted): boolean {
  const present = node.processes.filter(isThere).length;
  const sameEnvironment = environments.length === 0 || environments.includes(node.environment);
  return node.bundle === bundle && sameEnvironment && present >= node.expected_processes;
}

function whyWaiting(name: string, node: ClusterNode | undefined, { bundle }: Wanted): string {
  if (!node) return name === "master" ? "does not answer yet" : "is not connected to the master yet";
  if (node.bundle === bundle) return "is still starting its processes";
  return `still runs ${node.bundle ? shortHash(node.bundle) : "another test"}`;
}

/** Machines that did not confirm; those with the same answer share a line. */
export function groupByReason(
  found: readonly Confirmation[],
): (Omit<Confirmation, "name"> & { readonly names: readonly string[] })[] {
  const groups = new Map<string, { names: string[] } & Omit<Confirmation, "name">>();
  for (const { name, ...rest } of found.filter(({ state }) => state !== "confirmed")) {
    const key = JSON.stringify([rest.state, rest.reason]);
    const group = groups.get(key) ?? { names: [], ...rest };
    group.names.push(name);
    groups.set(key, group);
  }
  return [...groups.values()];
}
