import type * as api from "../../protocol/generated/api";

/** `GET /cluster/nodes`. A master of an older version knows no holds, and does not say where a run goes, nor with what load. */
export interface ClusterNodes
  extends
    Omit<api.Nodes, "hold" | "target" | "load" | "nodes">,
    Partial<Pick<api.Nodes, "hold" | "target" | "load">> {
  readonly nodes: readonly ClusterNode[];
}

/** A machine; an older master does not say what it runs. */
export type ClusterNode = Omit<api.Node, "bundle" | "fleet"> & Partial<Pick<api.Node, "bundle" | "fleet">>;

/** A process that has outlived its start, and neither is gone nor leaves. */
export function isThere({ state }: api.WorkerProcess): boolean {
  return state !== "missing" && state !== "starting" && state !== "draining";
}
